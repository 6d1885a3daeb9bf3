#include "serving/remote/remote_call.h"

#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/substitute.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/message_size.h"
#include "serving/rpc/status_conversion.h"

namespace shortlist {
namespace {

constexpr char kLacksBundle[] = "shortlist/lacks_bundle";

// Where most calls fail, trying again only makes it worse: retryThrottling.
constexpr char kServiceConfig[] = R"({
  "loadBalancingConfig": [{"round_robin": {}}],
  "healthCheckConfig": {"serviceName": "$0"},
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 3,
      "initialBackoff": "0.001s",
      "maxBackoff": "0.01s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }],
  "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1}
})";

bool IsIp4(const std::string& host) {
  in_addr address;
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

}  // namespace

absl::Status CheckAddress(const std::string& address) {
  const std::vector<std::string> replicas = absl::StrSplit(address, ',');
  for (const std::string& replica : replicas) {
    const size_t colon = replica.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == replica.size())
      return absl::InvalidArgumentError(
          absl::StrCat("\"", replica, "\" is not of the form HOST:PORT"));
    if (replicas.size() > 1 && !IsIp4(replica.substr(0, colon)))
      return absl::InvalidArgumentError(
          absl::StrCat("\"", replica,
                       "\": of several addresses each must be an IPv4 address and a port; one "
                       "name may stand for several"));
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address, const std::string& service) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  // Stages are near; http_proxy is for what is far.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetServiceConfigJSON(absl::Substitute(kServiceConfig, service));
  arguments.SetInt(GRPC_ARG_PER_RPC_RETRY_BUFFER_SIZE, kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  // A replica that comes back under another address is found within a second, too.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000);
  const bool is_list = address.find(',') != std::string::npos;
  return grpc::CreateCustomChannel(is_list ? absl::StrCat("ipv4:", address) : address,
                                   CallingCredentials(), arguments);
}

google::protobuf::ArenaOptions MessageArenaOptions() {
  google::protobuf::ArenaOptions options;
  options.start_block_size = 32 << 10;
  return options;
}

absl::Status RemoteStatus(const grpc::Status& status, const std::string& service) {
  if (status.ok() || status.error_code() == grpc::StatusCode::INVALID_ARGUMENT)
    return FromGrpcStatus(status);
  // No call is cancelled from here: the service has, which is stopping.
  const grpc::StatusCode code = status.error_code() == grpc::StatusCode::CANCELLED
                                    ? grpc::StatusCode::UNAVAILABLE
                                    : status.error_code();
  absl::Status named = FromGrpcStatus({code, absl::StrCat(service, ": ", status.error_message())});
  // The only precondition that calls between stages have.
  if (absl::IsFailedPrecondition(named)) MarkAsLackOfBundle(named);
  return named;
}

void MarkAsLackOfBundle(absl::Status& status) { status.SetPayload(kLacksBundle, absl::Cord()); }

bool LacksBundle(const absl::Status& status) { return status.GetPayload(kLacksBundle).has_value(); }

}  // namespace shortlist
