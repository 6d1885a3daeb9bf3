// A retrieval service that holds every request until it is told to answer, for tests that need a
// request under way.
//
//   BlockingRetrieval retrieval(models.bundle());
//   ... make a request in another thread ...
//   retrieval.WaitForRequest();
//   retrieval.Release();
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "absl/time/clock.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "pipeline/local_candidate_stage.h"
#include "serving/rpc/grpc_server.h"
#include "serving/rpc/request_workers.h"
#include "serving/rpc/unary_calls.h"
#include "serving/services/candidate_generation_service.h"
#include "shortlist/v1/candidate_generation.grpc.pb.h"

namespace shortlist {

class BlockingRetrieval : public v1::CandidateGeneration::Service {
 public:
  explicit BlockingRetrieval(std::shared_ptr<const Bundle> bundle);
  ~BlockingRetrieval() override;

  const std::string& address() const { return server_->address(); }
  // Returns once a request is being held.
  void WaitForRequest();
  // Answers what is held and what comes.
  void Release();

  grpc::Status GenerateCandidates(grpc::ServerContext* context,
                                  const v1::GenerateCandidatesRequest* request,
                                  v1::GenerateCandidatesResponse* response) override;

 private:
  const Clock clock_ = absl::Now;
  BundleRegistry bundles_;
  LocalCandidateStage stage_;
  RequestWorkers workers_;
  UnaryCalls calls_;
  CandidateGenerationService service_{bundles_, stage_, calls_, clock_};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool requested_ = false;
  bool released_ = false;
  std::unique_ptr<GrpcServer> server_;
};

}  // namespace shortlist
