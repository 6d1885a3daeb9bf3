// What is done about rows of input files that cannot be used: the first one stops the work, or, if
// the user wants that, they are left out, logged and counted. Not thread-safe.
#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace shortlist {

class BadRows {
 public:
  explicit BadRows(bool skip) : skip_(skip) {}

  // `error` names file, line and reason. Returns it, or OK when the row is to be left out.
  absl::Status Add(const absl::Status& error);
  // Rows left out so far.
  uint64_t count() const { return count_; }
  // Why the last of them was; OK when there is none.
  const absl::Status& last_error() const { return last_error_; }

 private:
  bool skip_;
  uint64_t count_ = 0;
  absl::Status last_error_;
};

}  // namespace shortlist
