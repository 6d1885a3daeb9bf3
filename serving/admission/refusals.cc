#include "serving/admission/refusals.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace shortlist {
namespace {

constexpr absl::Duration kLogPause = absl::Seconds(1);
constexpr std::array<const char*, kRefusalReasons> kReasons = {
    "the queue was full", "the wait was too long", "the wait went beyond the deadline",
    "the client made too many"};

}  // namespace

void Refusals::Count(Refusal reason, absl::Time now) {
  counts_[static_cast<size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  int64_t next = next_log_ns_.load(std::memory_order_relaxed);
  // The one of several threads that gets to move it logs.
  if (absl::ToUnixNanos(now) >= next &&
      next_log_ns_.compare_exchange_strong(next, absl::ToUnixNanos(now + kLogPause)))
    Log();
}

Refusals::Counts Refusals::counts() const {
  Counts counts;
  for (size_t i = 0; i < counts.size(); ++i) counts[i] = counts_[i].load(std::memory_order_relaxed);
  return counts;
}

void Refusals::Log() {
  const Counts counts = this->counts();
  std::string reasons;
  for (size_t i = 0; i < counts.size(); ++i) {
    const int64_t before = logged_[i].exchange(counts[i], std::memory_order_relaxed);
    if (counts[i] == before) continue;
    absl::StrAppend(&reasons, reasons.empty() ? "" : ", ", kReasons[i], ": ", counts[i] - before);
  }
  LogWarning(absl::StrCat(what_, " are refused: ", reasons));
}

}  // namespace shortlist
