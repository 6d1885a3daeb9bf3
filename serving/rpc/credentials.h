// What connections of the service are made with, in one place: plain text today.
#pragma once

#include <memory>

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

namespace shortlist {

inline std::shared_ptr<grpc::ServerCredentials> ListeningCredentials() {
  return grpc::InsecureServerCredentials();
}

inline std::shared_ptr<grpc::ChannelCredentials> CallingCredentials() {
  return grpc::InsecureChannelCredentials();
}

}  // namespace shortlist
