// shortlist serve: answers requests until it is told to stop.

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include <google/protobuf/stubs/logging.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "app/role_name.h"
#include "common/files.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "proto/text_proto.h"
#include "serving/server.h"
#include "serving/server_config.h"

namespace shortlist {
namespace {

struct ServeFlags {
  std::string config;
  std::string models;
  std::string listen;
  std::string role;
  std::string retrieval;
  std::string ranking;
  std::string state;
};

const std::map<std::string, v1::Role> kRoles = {{"all", v1::ROLE_ALL},
                                                {"retrieval", v1::ROLE_RETRIEVAL},
                                                {"ranking", v1::ROLE_RANKING},
                                                {"recommend", v1::ROLE_RECOMMEND}};

// Signals as something to wait for: SIGTERM and SIGINT stop, SIGHUP reloads. A handler and a pipe
// rather than a blocked signal and sigwait: libraries that start threads when they are loaded leave
// the signals open in these.
class Signals {
 public:
  // Until then they end the process.
  static absl::Status Listen() {
    if (::pipe2(pipe_.data(), O_CLOEXEC) != 0)
      return absl::ErrnoToStatus(errno, "cannot make a pipe");
    struct sigaction action {};
    action.sa_handler = [](int signal) {
      const int saved_errno = errno;
      const char byte = static_cast<char>(signal);
      [[maybe_unused]] ssize_t ignored = ::write(pipe_[1], &byte, 1);
      errno = saved_errno;
    };
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGHUP, &action, nullptr);
    return absl::OkStatus();
  }

  // The next one.
  static int Wait() {
    char byte = 0;
    while (::read(pipe_[0], &byte, 1) < 0 && errno == EINTR) {
    }
    return byte;
  }

 private:
  static inline std::array<int, 2> pipe_{-1, -1};
};

void SetUpLogging() {
  LogTimes();
  // What protobuf has to say is about requests that are malformed, which their callers are told.
  google::protobuf::SetLogHandler(
      [](google::protobuf::LogLevel, const char*, int, const std::string& message) {
        LogDebug(absl::StrCat("protobuf: ", message));
      });
}

absl::StatusOr<v1::ServerConfig> MakeConfig(const ServeFlags& flags) {
  v1::ServerConfig config;
  if (!flags.config.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.config));
    RETURN_IF_ERROR(ParseTextProto(text, flags.config, config));
  }
  if (!flags.models.empty()) config.set_models_dir(flags.models);
  if (!flags.listen.empty()) config.set_listen(flags.listen);
  if (!flags.role.empty()) config.set_role(kRoles.at(flags.role));
  if (!flags.retrieval.empty()) config.set_retrieval_address(flags.retrieval);
  if (!flags.ranking.empty()) config.set_ranking_address(flags.ranking);
  if (!flags.state.empty()) config.set_state(flags.state);
  if (config.models_dir().empty())
    return absl::InvalidArgumentError("which models? give --models, or models_dir in --config");
  return CompleteConfig(config);
}

void SayReady(v1::Role role, const Server& server) {
  const std::shared_ptr<const Bundle> bundle = server.bundle();
  std::printf("listening on %s role %s bundle %s items %u\n", server.address().c_str(),
              RoleName(role).c_str(), bundle->id.c_str(), bundle->catalog.item_count());
  std::fflush(stdout);
}

absl::Status Serve(const ServeFlags& flags) {
  SetUpLogging();
  ASSIGN_OR_RETURN(const v1::ServerConfig config, MakeConfig(flags));
  ASSIGN_OR_RETURN(std::unique_ptr<Server> server, Server::Start(config));
  RETURN_IF_ERROR(Signals::Listen());
  SayReady(config.role(), *server);
  while (Signals::Wait() == SIGHUP) server->Reload();
  LogInfo(absl::StrCat("stopping: in-flight requests have ", config.shutdown_grace_seconds(),
                       " s to finish"));
  server->Shutdown();
  LogInfo("stopped");
  return absl::OkStatus();
}

}  // namespace

void AddServeCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<ServeFlags>();
  Command command = app.AddCommand("serve", "Serve recommendations over gRPC.");
  command.Add("--config", flags->config,
              "Configuration: a ServerConfig message as protobuf text; flags override it");
  command.Add("--models", flags->models, "Folder of the bundles; its CURRENT is served");
  command.Add("--listen", flags->listen, "HOST:PORT; port 0 picks a free one [127.0.0.1:50051]");
  command.Add("--role", flags->role, "all, retrieval, ranking or recommend [all]")
      .OneOf({"all", "retrieval", "ranking", "recommend"});
  command.Add("--retrieval", flags->retrieval,
              "Role recommend: HOST:PORT of the retrieval service");
  command.Add("--ranking", flags->ranking, "Role recommend: HOST:PORT of the ranking service");
  AddState(command, flags->state);
  command.OnChosen([flags, &action] { action = [flags] { return Serve(*flags); }; });
}

}  // namespace shortlist
