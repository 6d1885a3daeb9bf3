// shortlist health: whether a server is ready, for health checks of containers.

#include <chrono>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "app/client.h"
#include "app/commands.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace shortlist {
namespace {

namespace health = ::grpc::health::v1;

constexpr std::chrono::seconds kDeadline(2);

absl::Status CheckHealth(const std::string& server) {
  auto stub = health::Health::NewStub(ConnectToService(server));
  ::grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  health::HealthCheckResponse response;
  ::grpc::Status status = stub->Check(&context, health::HealthCheckRequest(), &response);
  if (!status.ok())
    return absl::UnavailableError(absl::StrCat(server, ": ", status.error_message()));
  if (response.status() != health::HealthCheckResponse::SERVING)
    return absl::UnavailableError(absl::StrCat(
        server, ": ", health::HealthCheckResponse::ServingStatus_Name(response.status())));
  return absl::OkStatus();
}

}  // namespace

void AddHealthCommand(Command& app, CommandAction& action) {
  auto server = std::make_shared<std::string>("127.0.0.1:50051");
  Command command = app.AddCommand("health", "Exit with 0 if a server is ready, otherwise with 1.");
  command.Add("--server", *server, "HOST:PORT of the server").ShowDefault();
  command.OnChosen([server, &action] { action = [server] { return CheckHealth(*server); }; });
}

}  // namespace shortlist
