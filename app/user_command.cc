// shortlist user: what a running service knows of a user.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "app/client.h"
#include "app/commands.h"
#include "app/text_table.h"
#include "common/status_macros.h"
#include "shortlist/v1/users.grpc.pb.h"

namespace shortlist {
namespace {

struct UserFlags {
  std::string server = kDefaultServer;
  std::string user;
  std::vector<std::string> attributes;
  int count = 100;
  bool json = false;
};

std::unique_ptr<v1::Users::Stub> Connect(const UserFlags& flags) {
  return v1::Users::NewStub(ConnectToService(flags.server));
}

void AddRows(const google::protobuf::RepeatedPtrField<v1::Interaction>& interactions,
             const char* what, TextTable& table) {
  for (auto entry = interactions.rbegin(); entry != interactions.rend(); ++entry)
    table.AddRow({what, entry->item_id(), TimeText(entry->time_ms()),
                  entry->value() == 0 ? "-" : absl::StrFormat("%g", entry->value())});
}

absl::Status GetUser(const UserFlags& flags) {
  v1::GetUserRequest request;
  request.set_user_id(flags.user);
  request.set_count(flags.count);
  v1::GetUserResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  RETURN_IF_ERROR(ClientStatus(Connect(flags)->Get(&context, request, &response), flags.server));
  if (flags.json) {
    ASSIGN_OR_RETURN(const std::string json, ToJson(response));
    std::fputs(json.c_str(), stdout);
    return absl::OkStatus();
  }
  std::printf("User %s: %d interactions, %d refused items\n", flags.user.c_str(),
              response.history_size(), response.refused_size());
  for (const v1::Attribute& attribute : response.user().attributes())
    std::printf("%s: %s\n", attribute.name().c_str(),
                absl::StrJoin(attribute.values(), ", ").c_str());
  if (response.history_size() + response.refused_size() == 0) return absl::OkStatus();
  TextTable table({{"", TextTable::kLeft},
                   {"item", TextTable::kLeft},
                   {"time (UTC)", TextTable::kLeft},
                   {"value", TextTable::kRight}});
  AddRows(response.user().history(), "took", table);
  AddRows(response.user().refused(), "refused", table);
  std::fputs(table.ToString().c_str(), stdout);
  return absl::OkStatus();
}

absl::Status SetUser(const UserFlags& flags) {
  v1::UpsertUserRequest request;
  request.set_user_id(flags.user);
  for (const std::string& text : flags.attributes) {
    ASSIGN_OR_RETURN(*request.add_attributes(), ParseAttribute(text));
  }
  v1::UpsertUserResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  return ClientStatus(Connect(flags)->Upsert(&context, request, &response), flags.server);
}

absl::Status DeleteUser(const UserFlags& flags) {
  v1::DeleteUserRequest request;
  request.set_user_id(flags.user);
  v1::DeleteUserResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  return ClientStatus(Connect(flags)->Delete(&context, request, &response), flags.server);
}

Command AddAction(Command& user, const std::string& name, const std::string& help,
                  const std::shared_ptr<UserFlags>& flags, absl::Status (*run)(const UserFlags&),
                  CommandAction& action) {
  Command command = user.AddCommand(name, help);
  command.Add("--server", flags->server, "HOST:PORT of the service").ShowDefault();
  command.Add("--user", flags->user, "Id of the user").Required();
  command.OnChosen([flags, run, &action] { action = [flags, run] { return run(*flags); }; });
  return command;
}

}  // namespace

void AddUserCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<UserFlags>();
  Command user = app.AddCommand("user", "What a running service knows of a user.");
  user.RequireCommand();
  Command get = AddAction(user, "get", "Print it, latest first.", flags, GetUser, action);
  get.Add("--count", flags->count, "Interactions and refused items at most")
      .Within(1, 1'000)
      .ShowDefault();
  get.AddFlag("--json", flags->json, "Print the whole answer as JSON");
  Command set = AddAction(user, "set", "Tell attributes of the user.", flags, SetUser, action);
  set.Add("--attribute", flags->attributes,
          "As gender=F or genre=Comedy|Drama, in place of what was known; gender= takes it away; "
          "may be repeated")
      .OneEachTime("NAME=VALUE")
      .Required();
  AddAction(user, "delete", "Forget the user: all that is known of them is deleted.", flags,
            DeleteUser, action);
}

}  // namespace shortlist
