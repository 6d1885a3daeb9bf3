#include "app/events/event_worth_option.h"

#include <string>

#include "common/files.h"
#include "common/status_macros.h"
#include "proto/text_proto.h"
#include "serving/server_config.h"

namespace shortlist {

void AddEventWorth(Command& command, std::filesystem::path& config) {
  command.Add("--config", config,
              "The service's configuration, whose events.worth says what events are worth");
}

namespace {

absl::StatusOr<v1::ServerConfig> ReadConfig(const std::filesystem::path& config) {
  v1::ServerConfig message;
  if (config.empty()) return message;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(config));
  RETURN_IF_ERROR(ParseTextProto(text, config.string(), message));
  return message;
}

}  // namespace

absl::StatusOr<EventWorth> ReadEventWorth(const std::filesystem::path& config) {
  ASSIGN_OR_RETURN(const v1::ServerConfig message, ReadConfig(config));
  return WorthOf(message.events());
}

absl::StatusOr<StateProjection> ReadStateProjection(const std::filesystem::path& config) {
  if (config.empty()) return StateProjection();
  ASSIGN_OR_RETURN(v1::ServerConfig message, ReadConfig(config));
  return ProjectionOf(message);
}

}  // namespace shortlist
