// shortlist status: what a process is and serves.

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "app/admin/admin_client.h"
#include "app/client.h"
#include "app/commands.h"
#include "app/role_name.h"
#include "app/text_table.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

struct StatusFlags {
  std::string server = kDefaultServer;
  bool json = false;
};

absl::Status ShowStatus(const StatusFlags& flags) {
  v1::GetStatusResponse status;
  RETURN_IF_ERROR(
      CallAdmin(flags.server, &v1::Admin::Stub::GetStatus, v1::GetStatusRequest(), status));
  if (flags.json) {
    ASSIGN_OR_RETURN(const std::string json, ToJson(status));
    std::fputs(json.c_str(), stdout);
    return absl::OkStatus();
  }
  TextTable table({{"server"}, {flags.server}});
  table.AddRow({"role", RoleName(status.role())});
  table.AddRow({"up since", absl::StrFormat("%s UTC, %d s", TimeText(status.started_ms()),
                                            status.uptime_ms() / 1'000)});
  table.AddRow({"serves", absl::StrCat(status.version(), ", ", status.item_count(), " items")});
  table.AddRow({"bundle", status.bundle_id()});
  if (!status.previous_version().empty()) table.AddRow({"before", status.previous_version()});
  table.AddRow({"CURRENT names", status.current_version()});
  if (!status.taking_up_version().empty()) table.AddRow({"takes up", status.taking_up_version()});
  for (const v1::RefusedBundle& refused : status.refused())
    table.AddRow({"refused", absl::StrCat(refused.version(), " at ", TimeText(refused.time_ms()),
                                          ": ", refused.reason())});
  table.AddRow({"recorded", absl::StrCat(status.recorded_requests(), " requests")});
  for (const v1::RungAnswers& made : status.rung_answers())
    table.AddRow({"answers", absl::StrCat(made.answers(), " ", v1::Rung_Name(made.rung()))});
  for (const v1::RefusedCalls& refused : status.refused_calls())
    table.AddRow(
        {"refusals", absl::StrCat(refused.calls(), " ", v1::RefusalReason_Name(refused.reason()))});
  std::fputs(table.ToString().c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddStatusCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<StatusFlags>();
  Command command =
      app.AddCommand("status", "What a running service is and which bundle it serves.");
  command.Add("--server", flags->server, "HOST:PORT of the service").ShowDefault();
  command.AddFlag("--json", flags->json, "Print it as JSON");
  command.OnChosen([flags, &action] { action = [flags] { return ShowStatus(*flags); }; });
}

}  // namespace shortlist
