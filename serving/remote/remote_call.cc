#include "serving/remote/remote_call.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/message_size.h"
#include "serving/rpc/status_conversion.h"

namespace shortlist {
namespace {

constexpr char kLacksBundle[] = "shortlist/lacks_bundle";

}  // namespace

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  // Stages are near; http_proxy is for what is far.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  // A replica that comes back under another address is found within a second, too.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000);
  return grpc::CreateCustomChannel(address, CallingCredentials(), arguments);
}

google::protobuf::ArenaOptions MessageArenaOptions() {
  google::protobuf::ArenaOptions options;
  options.start_block_size = 32 << 10;
  return options;
}

absl::Status RemoteStatus(const grpc::Status& status, const std::string& service) {
  if (status.ok() || status.error_code() == grpc::StatusCode::INVALID_ARGUMENT)
    return FromGrpcStatus(status);
  absl::Status named =
      FromGrpcStatus({status.error_code(), absl::StrCat(service, ": ", status.error_message())});
  // The only precondition that calls between stages have.
  if (absl::IsFailedPrecondition(named)) named.SetPayload(kLacksBundle, absl::Cord());
  return named;
}

bool LacksBundle(const absl::Status& status) { return status.GetPayload(kLacksBundle).has_value(); }

}  // namespace shortlist
