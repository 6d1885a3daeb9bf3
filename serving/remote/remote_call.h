// What calls to other processes of the service have in common.
#pragma once

#include <memory>
#include <string>

#include <google/protobuf/arena.h>
#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace shortlist {

// A channel that is spread over all addresses behind the name and reconnects within a second.
// Connecting is left to the first call.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address);

// For the messages between stages, which hold a user's whole history: one block of memory.
google::protobuf::ArenaOptions MessageArenaOptions();

// The status of a call to the service of that name ("ranking service at HOST:PORT"), which goes
// into every error but INVALID_ARGUMENT: that one is about the caller's own fields.
absl::Status RemoteStatus(const grpc::Status& status, const std::string& service);

// Whether such a status says that the service does not have the bundle that it was asked for.
bool LacksBundle(const absl::Status& status);

}  // namespace shortlist
