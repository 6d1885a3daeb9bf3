#include "pipeline/budget.h"

#include "absl/strings/str_cat.h"

namespace shortlist {

absl::Status Budget::Check(const char* after) const {
  if (Now() < deadline_) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat("the deadline passed after ", after));
}

}  // namespace shortlist
