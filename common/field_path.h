// Where in a request a field is, for error messages: "filter.all_of[0].attribute". The text is
// made only when there is an error to report, so that checking a request costs nothing.
//
//   FieldPath filter{nullptr, "filter"};
//   FieldPath condition{&filter, "all_of", 0};
//   return Invalid({&condition, "attribute"}, "is empty");
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace shortlist {

struct FieldPath {
  const FieldPath* parent = nullptr;  // Null: a field of the request itself.
  std::string_view name;
  int index = -1;  // Position in a repeated field; -1 for the field as a whole.

  std::string ToString() const;
};

// INVALID_ARGUMENT "PATH: WHAT".
absl::Status Invalid(const FieldPath& field, std::string_view what);

}  // namespace shortlist
