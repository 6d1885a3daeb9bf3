// shortlist.v1.CandidateGeneration over gRPC: stage one of this process, for others. Refers to its
// parts, which must outlive it.
#pragma once

#include "common/clock.h"
#include "model/bundle_registry.h"
#include "pipeline/candidate_stage.h"
#include "serving/rpc/unary_calls.h"
#include "shortlist/v1/candidate_generation.grpc.pb.h"

namespace shortlist {

class CandidateGenerationService
    : public v1::CandidateGeneration::WithRawCallbackMethod_GenerateCandidates<
          v1::CandidateGeneration::WithRawCallbackMethod_FindSimilarItems<
              v1::CandidateGeneration::Service>> {
 public:
  CandidateGenerationService(const BundleRegistry& bundles, const CandidateStage& stage,
                             const UnaryCalls& calls, const Clock& clock)
      : bundles_(bundles), stage_(stage), calls_(calls), clock_(clock) {}

  // What the RPCs do, without the network: fill in `response`, which is empty.
  absl::Status Answer(const v1::GenerateCandidatesRequest& request, const Budget& budget,
                      v1::GenerateCandidatesResponse& response) const;
  absl::Status Answer(const v1::FindSimilarItemsRequest& request, const Budget& budget,
                      v1::GenerateCandidatesResponse& response) const;

  grpc::ServerUnaryReactor* GenerateCandidates(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* FindSimilarItems(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;

 private:
  // The one that the caller asks for, where it is loaded; otherwise the current one.
  std::shared_ptr<const Bundle> BundleFor(const std::string& bundle_id) const;

  const BundleRegistry& bundles_;
  const CandidateStage& stage_;
  const UnaryCalls& calls_;
  const Clock& clock_;
};

}  // namespace shortlist
