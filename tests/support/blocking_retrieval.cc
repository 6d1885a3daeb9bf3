#include "tests/support/blocking_retrieval.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "serving/rpc/status_conversion.h"

namespace shortlist {

BlockingRetrieval::BlockingRetrieval(std::shared_ptr<const Bundle> bundle)
    : bundles_(std::move(bundle)), workers_(0), calls_(workers_, clock_, {}) {
  auto server =
      GrpcServer::Start("127.0.0.1:0", {{v1::CandidateGeneration::service_full_name(), this}});
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", server.status().ToString().c_str());
    std::abort();
  }
  server_ = *std::move(server);
}

BlockingRetrieval::~BlockingRetrieval() {
  Release();
  server_.reset();
}

void BlockingRetrieval::WaitForRequest() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return requested_; });
}

void BlockingRetrieval::Release() {
  std::lock_guard lock(mutex_);
  released_ = true;
  changed_.notify_all();
}

grpc::Status BlockingRetrieval::GenerateCandidates(grpc::ServerContext* /*context*/,
                                                   const v1::GenerateCandidatesRequest* request,
                                                   v1::GenerateCandidatesResponse* response) {
  {
    std::unique_lock lock(mutex_);
    requested_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return released_; });
  }
  return ToGrpcStatus(service_.Answer(*request, Budget(clock_, absl::InfiniteFuture()), *response));
}

}  // namespace shortlist
