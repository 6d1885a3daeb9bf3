#include "serving/events/event_recorder.h"

#include <vector>

#include "common/status_macros.h"

namespace shortlist {

absl::Status EventRecorder::Record(const v1::RecordRequest& request,
                                   v1::RecordResponse& response) const {
  const absl::Time now = clock_();
  RETURN_IF_ERROR(Validate(request, rules_, now));
  std::vector<v1::LogEntry> entries(static_cast<size_t>(request.events_size()));
  for (size_t i = 0; i < entries.size(); ++i) {
    v1::Event& event = *entries[i].mutable_event();
    event = request.events(static_cast<int>(i));
    if (event.time_ms() == 0) event.set_time_ms(absl::ToUnixMillis(now));
  }
  ASSIGN_OR_RETURN(const AppendResult appended, log_.Append(entries));
  response.set_recorded(static_cast<int32_t>(appended.recorded));
  response.set_known(static_cast<int32_t>(appended.known));
  return absl::OkStatus();
}

}  // namespace shortlist
