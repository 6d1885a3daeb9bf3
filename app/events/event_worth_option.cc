#include "app/events/event_worth_option.h"

#include <string>

#include "common/files.h"
#include "common/status_macros.h"
#include "proto/text_proto.h"
#include "serving/server.h"

namespace shortlist {

void AddEventWorth(Command& command, std::filesystem::path& config) {
  command.Add("--config", config,
              "The service's configuration, whose events.worth says what events are worth");
}

absl::StatusOr<EventWorth> ReadEventWorth(const std::filesystem::path& config) {
  v1::ServerConfig message;
  if (!config.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(config));
    RETURN_IF_ERROR(ParseTextProto(text, config.string(), message));
  }
  return WorthOf(message.events());
}

}  // namespace shortlist
