#include "serving/rung_log.h"

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {
namespace {

constexpr absl::Duration kRungInterval = absl::Seconds(10);
// So long without any, and it is over.
constexpr absl::Duration kOver = absl::Seconds(2);

}  // namespace

void RungLog::OnAnswer(RungId rung, absl::Time now) {
  answers_[static_cast<size_t>(rung)].fetch_add(1, std::memory_order_relaxed);
  const bool is_full = rung == kFullRung;
  if (is_full && !is_degraded_.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  if (!is_full) {
    last_degraded_ = now;
    if (!is_degraded_.exchange(true)) {
      before_ = Now();
      --before_[static_cast<size_t>(rung)];
      next_ = now;
    }
  } else if (now - last_degraded_ >= kOver) {
    if (is_degraded_.exchange(false))
      LogInfo(
          absl::StrCat("answers are made in full again; since it was last said: ", Since(before_)));
    return;
  }
  if (now < next_) return;
  next_ = now + kRungInterval;
  LogWarning(absl::StrCat("not all answers are made in full: ", Since(before_)));
  before_ = Now();
}

RungLog::Counts RungLog::Now() const {
  Counts counts;
  for (size_t i = 0; i < counts.size(); ++i) counts[i] = answers_[i].load();
  return counts;
}

std::string RungLog::Since(const Counts& before) const {
  std::string text;
  for (size_t i = 0; i < before.size(); ++i)
    if (const uint64_t count = answers_[i].load() - before[i]; count > 0)
      absl::StrAppend(&text, text.empty() ? "" : ", ", count, " ",
                      v1::Rung_Name(static_cast<v1::Rung>(i)));
  return text;
}

}  // namespace shortlist
