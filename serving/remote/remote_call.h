// What calls to other processes of the service have in common.
#pragma once

#include <memory>
#include <string>

#include <google/protobuf/arena.h>
#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace shortlist {

// A channel that is spread over all addresses behind the name, or over those that are listed with
// commas between them, and reconnects within a second. Replicas that do not say that `service`, by
// its full name, is healthy get no calls. A call that could not be made, because its replica has
// gone, is made again on another one. Connecting is left to the first call.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address, const std::string& service);

// INVALID_ARGUMENT: the address is neither HOST:PORT nor several IP:PORT with commas between them.
absl::Status CheckAddress(const std::string& address);

// For the messages between stages, which hold a user's whole history: one block of memory.
google::protobuf::ArenaOptions MessageArenaOptions();

// The status of a call to the service of that name ("ranking service at HOST:PORT"), which goes
// into every error but INVALID_ARGUMENT: that one is about the caller's own fields.
absl::Status RemoteStatus(const grpc::Status& status, const std::string& service);

// Whether a status says that a stage and this process do not have the bundle in common: one of
// RemoteStatus, or one that was marked as such.
bool LacksBundle(const absl::Status& status);
void MarkAsLackOfBundle(absl::Status& status);

}  // namespace shortlist
