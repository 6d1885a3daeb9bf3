// What the commands that call a running service have in common.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shortlist/v1/common.pb.h"

namespace shortlist {

inline constexpr char kDefaultServer[] = "127.0.0.1:50051";

// A channel to the service.
std::shared_ptr<grpc::Channel> ConnectToService(const std::string& server);

// Makes the call wait for its answer for a few seconds, and not at all for a server that is not
// there.
void PrepareCall(grpc::ClientContext& context);

// The status of a call in words for a person at a terminal; says how to start a server that is
// not there.
absl::Status ClientStatus(const grpc::Status& status, const std::string& server);

// A filter in the form of --filter options, which an item must meet all of:
//   genre=Comedy          has the value
//   genre=Comedy|Drama    has one of the values
//   year=1990..1999       is in the range; either end may be left out
//   !genre=Horror         does not have the value
absl::StatusOr<v1::ItemFilter> ParseFilter(const std::vector<std::string>& conditions);

// An attribute in the form of --attribute options: NAME=VALUE, or NAME=VALUE|VALUE of several;
// NAME= has no value.
absl::StatusOr<v1::Attribute> ParseAttribute(const std::string& text);

// The message as JSON with the field names of the .proto file.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

}  // namespace shortlist
