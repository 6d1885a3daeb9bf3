#include "serving/state_outage_log.h"

#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace shortlist {
namespace {

constexpr absl::Duration kOutageInterval = absl::Minutes(1);

}  // namespace

void StateOutageLog::OnRead(const absl::Status& status, absl::Time now) {
  if (status.ok() && !is_out_) return;
  std::lock_guard lock(mutex_);
  if (status.ok()) {
    if (!is_out_.exchange(false)) return;
    LogInfo(
        absl::StrCat("user states can be read again; ", answers_, " answers were made without"));
    return;
  }
  if (!is_out_.exchange(true)) {
    answers_ = 0;
    next_ = absl::InfinitePast();
  }
  ++answers_;
  if (now < next_) return;
  next_ = now + kOutageInterval;
  LogWarning(absl::StrCat("user states cannot be read, ", answers_,
                          " answers were made without so far: ", status.message()));
}

}  // namespace shortlist
