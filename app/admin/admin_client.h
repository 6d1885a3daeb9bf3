// Calls of a running service's Admin RPCs, for the commands that make them.
#pragma once

#include <string>

#include <grpcpp/client_context.h>

#include "absl/status/status.h"
#include "app/client.h"
#include "shortlist/v1/admin.grpc.pb.h"

namespace shortlist {

// Until when the caller waits: half an hour, in which a bundle of any size is verified and tried.
void PrepareAdminCall(grpc::ClientContext& context);

//   v1::GetStatusResponse response;
//   RETURN_IF_ERROR(CallAdmin(server, &v1::Admin::Stub::GetStatus, request, response));
template <class Request, class Response>
absl::Status CallAdmin(const std::string& server,
                       grpc::Status (v1::Admin::Stub::*method)(grpc::ClientContext*, const Request&,
                                                               Response*),
                       const Request& request, Response& response) {
  const auto stub = v1::Admin::NewStub(ConnectToService(server));
  grpc::ClientContext context;
  PrepareAdminCall(context);
  return ClientStatus((stub.get()->*method)(&context, request, &response), server);
}

}  // namespace shortlist
