#include "serving/rpc/grpc_server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/message_size.h"

namespace shortlist {
namespace {

// For answers on their way out when the last call has ended.
constexpr std::chrono::milliseconds kTimeToSend(200);
// Pings keep connections through balancers alive, which close idle ones.
constexpr int kLeastMsBetweenPings = 1'000;
// Connections are made anew after this time, a tenth more or less, so that new replicas get some.
constexpr int kConnectionAgeMs = 10 * 60 * 1'000;

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const std::string& listen, const std::vector<NamedService>& services) {
  const size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on \"", listen, "\": not of the form HOST:PORT"));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(listen, ListeningCredentials(), &port);
  // Otherwise two servers could share a port without noticing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kLeastMsBetweenPings);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kConnectionAgeMs);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  for (const NamedService& service : services) builder.RegisterService(service.service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0)
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", listen, ": the address is in use, or is none of this machine's"));
  for (const NamedService& service : services)
    server->GetHealthCheckService()->SetServingStatus(service.name, true);
  return std::unique_ptr<GrpcServer>(
      new GrpcServer(std::move(server), absl::StrCat(listen.substr(0, colon + 1), port)));
}

GrpcServer::~GrpcServer() = default;

void GrpcServer::ReportNotServing() { server_->GetHealthCheckService()->SetServingStatus(false); }

void GrpcServer::Shutdown(absl::Duration grace,
                          const std::function<void(absl::Duration)>& wait_for_calls) {
  server_->GetHealthCheckService()->Shutdown();
  const auto deadline = absl::ToChronoTime(absl::Now() + grace);
  std::future<void> done =
      std::async(std::launch::async, [this, deadline] { server_->Shutdown(deadline); });
  if (wait_for_calls) {
    wait_for_calls(grace);
    if (done.wait_for(kTimeToSend) == std::future_status::timeout)
      grpc_server_cancel_all_calls(server_->c_server());
  }
  done.get();
  server_->Wait();
}

}  // namespace shortlist
