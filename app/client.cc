#include "app/client.h"

#include <google/protobuf/util/json_util.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <optional>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/status_conversion.h"

namespace shortlist {
namespace {

constexpr std::chrono::seconds kTimeout(10);
constexpr absl::string_view kRangeDots = "..";

absl::StatusOr<std::optional<double>> ParseBound(absl::string_view text,
                                                 const std::string& condition) {
  if (text.empty()) return std::optional<double>();
  double bound = 0;
  if (!absl::SimpleAtod(text, &bound))
    return absl::InvalidArgumentError(
        absl::StrCat("--filter ", condition, ": \"", text, "\" is not a number"));
  return std::optional<double>(bound);
}

bool IsLoopback(const std::string& server) {
  return server.starts_with("127.") || server.starts_with("localhost:") ||
         server.starts_with("[::1]:");
}

}  // namespace

std::shared_ptr<grpc::Channel> ConnectToService(const std::string& server) {
  grpc::ChannelArguments arguments;
  // gRPC sends even what is for this machine to the proxy that http_proxy names.
  if (IsLoopback(server)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(server, CallingCredentials(), arguments);
}

void PrepareCall(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
}

absl::Status ClientStatus(const grpc::Status& status, const std::string& server) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE)
    return absl::UnavailableError(absl::StrCat("no answer from the service at ", server, " (",
                                               status.error_message(),
                                               "); start one with: shortlist serve --models DIR"));
  return FromGrpcStatus(status);
}

absl::StatusOr<v1::Attribute> ParseAttribute(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
  if (parts.size() != 2)
    return absl::InvalidArgumentError(absl::StrCat("--attribute ", text, ": not NAME=VALUE"));
  v1::Attribute attribute;
  attribute.set_name(parts[0]);
  for (const absl::string_view value : absl::StrSplit(parts[1], '|', absl::SkipEmpty()))
    attribute.add_values(std::string(value));
  return attribute;
}

absl::StatusOr<v1::ItemFilter> ParseFilter(const std::vector<std::string>& conditions) {
  v1::ItemFilter filter;
  for (const std::string& condition : conditions) {
    absl::string_view rest = condition;
    v1::AttributeCondition& parsed =
        absl::ConsumePrefix(&rest, "!") ? *filter.add_none_of() : *filter.add_all_of();
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(rest, absl::MaxSplits('=', 1));
    if (parts.first.empty() || parts.second.empty())
      return absl::InvalidArgumentError(
          absl::StrCat("--filter ", condition, ": not of the form ATTRIBUTE=VALUE"));
    parsed.set_attribute(std::string(parts.first));
    if (const size_t dots = parts.second.find(kRangeDots); dots != absl::string_view::npos) {
      ASSIGN_OR_RETURN(const std::optional<double> min,
                       ParseBound(parts.second.substr(0, dots), condition));
      ASSIGN_OR_RETURN(const std::optional<double> max,
                       ParseBound(parts.second.substr(dots + kRangeDots.size()), condition));
      v1::AttributeCondition::Range& range = *parsed.mutable_range();
      if (min) range.set_min(*min);
      if (max) range.set_max(*max);
    } else {
      for (absl::string_view value : absl::StrSplit(parts.second, '|'))
        parsed.mutable_any_value()->add_values(std::string(value));
    }
  }
  return filter;
}

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError("cannot write the answer as JSON");
  return json;
}

}  // namespace shortlist
