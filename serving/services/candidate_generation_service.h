// shortlist.v1.CandidateGeneration over gRPC. Refers to its parts, which must outlive it.
#pragma once

#include "common/clock.h"
#include "model/bundle_registry.h"
#include "serving/candidate_stage.h"
#include "serving/rpc/unary_calls.h"
#include "shortlist/v1/candidate_generation.grpc.pb.h"

namespace shortlist {

class CandidateGenerationService
    : public v1::CandidateGeneration::WithRawCallbackMethod_GenerateCandidates<
          v1::CandidateGeneration::Service> {
 public:
  CandidateGenerationService(const BundleRegistry& bundles, const CandidateStage& stage,
                             const UnaryCalls& calls, Clock clock)
      : bundles_(bundles), stage_(stage), calls_(calls), clock_(std::move(clock)) {}

  grpc::ServerUnaryReactor* GenerateCandidates(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;

 private:
  const BundleRegistry& bundles_;
  const CandidateStage& stage_;
  const UnaryCalls& calls_;
  Clock clock_;
};

}  // namespace shortlist
