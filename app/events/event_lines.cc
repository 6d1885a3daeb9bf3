#include "app/events/event_lines.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "serving/requests/event_validation.h"

namespace shortlist {

absl::StatusOr<EventLines::Batch> EventLines::Next() {
  Batch batch;
  std::string text;
  while (batch.request.events_size() < kMaxEvents && std::getline(input_, text)) {
    ++line_;
    if (absl::StripAsciiWhitespace(text).empty()) continue;
    const auto status =
        google::protobuf::util::JsonStringToMessage(text, batch.request.add_events());
    if (!status.ok())
      return absl::InvalidArgumentError(
          absl::StrCat(name_, ":", line_, ": not an event: ", std::string(status.message())));
    batch.lines.push_back(line_);
  }
  if (input_.bad()) return absl::DataLossError(absl::StrCat(name_, ": cannot be read"));
  return batch;
}

absl::Status EventLines::OfLine(const absl::Status& status, const Batch& batch) const {
  absl::string_view rest = status.message();
  if (!absl::ConsumePrefix(&rest, "events[")) return status;
  const size_t bracket = rest.find("].");
  size_t event = 0;
  if (bracket == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(0, bracket), &event) ||
      event >= batch.lines.size())
    return status;
  return {status.code(),
          absl::StrCat(name_, ":", batch.lines[event], ": ", rest.substr(bracket + 2))};
}

}  // namespace shortlist
