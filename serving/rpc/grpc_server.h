// A gRPC server for some services, with the health service and server reflection.
//
//   ASSIGN_OR_RETURN(auto server,
//                    GrpcServer::Start("127.0.0.1:0", {{v1::Ranking::service_full_name(),
//                    &ranking}}));
//   ... server->address() ...
//   server->Shutdown(absl::Seconds(10), wait_for_calls);
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/server.h>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace shortlist {

class GrpcServer {
 public:
  struct NamedService {
    std::string name;  // By which health checks ask for it.
    grpc::Service* service;
  };

  // Listens on HOST:PORT; port 0 is a free one. The services must outlive the server. UNAVAILABLE
  // names an address that cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const std::string& listen, const std::vector<NamedService>& services);
  // Like Shutdown, but waits for what is in flight however long it takes.
  ~GrpcServer();

  // HOST:PORT with the real port.
  const std::string& address() const { return address_; }

  // Reports NOT_SERVING to those who ask for its health, and goes on: so that balancers have other
  // replicas take over before requests are refused.
  void ReportNotServing();

  // Reports NOT_SERVING to health watchers, refuses new requests, lets those in flight finish for
  // as long as `grace`, cancels the rest. Returns when all is done. Call it once.
  //
  // `wait_for_calls` returns when no call of the services is under way, or after the time that it
  // is given. What is open then are watches of the health service and streams of reflection, which
  // have no end of their own, and are cancelled. Without it they have the time, too.
  void Shutdown(absl::Duration grace,
                const std::function<void(absl::Duration)>& wait_for_calls = nullptr);

 private:
  GrpcServer(std::unique_ptr<grpc::Server> server, std::string address)
      : server_(std::move(server)), address_(std::move(address)) {}

  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace shortlist
