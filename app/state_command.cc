// shortlist state: looks into a state store, and makes states anew from its event log.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "app/events/event_worth_option.h"
#include "app/text_table.h"
#include "common/status_macros.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

struct StateFlags {
  std::string state;
  std::filesystem::path config;
  std::string user;
  std::string session;
};

CommandOption AddWhere(Command& command, std::string& state) {
  return command.Add("--state", state, "User states and event log: a SQLite file").Required();
}

absl::Status RebuildStates(const StateFlags& flags) {
  ASSIGN_OR_RETURN(const StateProjection projection, ReadStateProjection(flags.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> store,
                   OpenStateStore(flags.state, projection, IfMissing::kFail));
  RETURN_IF_ERROR(store->Rebuild());
  uint64_t entries = 0;
  RETURN_IF_ERROR(store->ReadAll([&](const v1::LogEntry&) {
    ++entries;
    return absl::OkStatus();
  }));
  std::printf("Made the recorded states anew from the %llu entries of the event log\n",
              static_cast<unsigned long long>(entries));
  return absl::OkStatus();
}

// Newest first.
void PrintInteractions(const char* title, const std::vector<Interaction>& interactions) {
  if (interactions.empty()) return;
  std::printf("\n%s, newest first:\n", title);
  TextTable table({{"time (UTC)"}, {"item"}, {"value", TextTable::kRight}});
  for (auto it = interactions.rbegin(); it != interactions.rend(); ++it)
    table.AddRow({TimeText(it->time_ms), it->item_id,
                  it->value == 0 ? "-" : absl::StrFormat("%g", it->value)});
  std::fputs(table.ToString().c_str(), stdout);
}

absl::Status ShowState(const StateFlags& flags) {
  const bool is_session = !flags.session.empty();
  const std::string& id = is_session ? flags.session : flags.user;
  const std::string name = absl::StrCat(is_session ? "session \"" : "user \"", id, "\"");
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> store,
                   OpenStateStore(flags.state, StateProjection(), IfMissing::kFail));
  UserState state;
  ASSIGN_OR_RETURN(const bool known, store->Read(is_session ? SessionKey(id) : UserKey(id), state));
  if (!known) return absl::NotFoundError(absl::StrCat(flags.state, ": has no ", name));
  std::printf("%s: %zu interactions, %zu refused items%s\n", name.c_str(), state.history.size(),
              state.refused.size(), state.is_forgotten ? "; was forgotten" : "");
  for (const NamedAttribute& attribute : state.attributes)
    std::printf("  %s: %s\n", attribute.name.c_str(),
                absl::StrJoin(attribute.values, ", ").c_str());
  PrintInteractions("History", state.history);
  PrintInteractions("Refused", state.refused);
  if (!state.shown.empty())
    std::printf("\nShown lately: %zu items, the last one %s at %s\n", state.shown.size(),
                state.shown.back().item_id.c_str(),
                TimeText(state.shown.back().times_ms.back()).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddStateCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<StateFlags>();
  Command command = app.AddCommand("state", "Look into the state store, or make its states anew.");
  command.RequireCommand();

  Command rebuild = command.AddCommand(
      "rebuild", "Make what was recorded of users and sessions anew from the event log.");
  AddWhere(rebuild, flags->state);
  AddEventWorth(rebuild, flags->config);
  rebuild.OnChosen([flags, &action] { action = [flags] { return RebuildStates(*flags); }; });

  Command show = command.AddCommand("show", "Print what is known of a user or a session.");
  AddWhere(show, flags->state);
  Command whom = show.AddOneOf("whom");
  whom.Add("--user", flags->user, "Id of a user");
  whom.Add("--session", flags->session, "Id of a session");
  show.OnChosen([flags, &action] { action = [flags] { return ShowState(*flags); }; });
}

}  // namespace shortlist
