#include "serving/rpc/retry_hint.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace shortlist {

absl::Status WithRetryHint(absl::Status status, absl::Duration wait) {
  const int64_t ms =
      std::max<int64_t>(1, absl::ToInt64Milliseconds(absl::Ceil(wait, absl::Milliseconds(1))));
  status.SetPayload(kRetryHintKey, absl::Cord(absl::StrCat(ms)));
  return status;
}

std::optional<absl::Duration> RetryHintOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kRetryHintKey);
  int64_t ms = 0;
  if (!payload || !absl::SimpleAtoi(std::string(*payload), &ms)) return std::nullopt;
  return absl::Milliseconds(ms);
}

}  // namespace shortlist
