// Progress of long work on standard error: what is being done, share done, rate, time left, and a
// note such as the loss. On a terminal one line that is overwritten a few times a second;
// otherwise a plain line every ten seconds and one at the end. Not thread-safe.
//
//   Progress progress("epoch 3/15", examples, "examples");
//   progress.Update(done, "loss 5.21");
//   progress.Finish("loss 5.17");
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace shortlist {

class Progress {
 public:
  // `total` of 0: not known, so neither share nor time left are shown.
  Progress(std::string what, size_t total, std::string unit);

  void Update(size_t done, std::string_view note = {});
  void Finish(std::string_view note = {});

 private:
  void Print(std::string_view note, bool last);

  std::string what_;
  size_t total_;
  std::string unit_;
  bool terminal_;
  size_t done_ = 0;
  absl::Time start_;
  absl::Time last_print_;
};

}  // namespace shortlist
