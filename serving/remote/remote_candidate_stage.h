// Stage one in another process, called over gRPC. Thread-safe; refers to the registry, which must
// outlive it.
#pragma once

#include <memory>
#include <string>

#include <grpcpp/channel.h>

#include "model/bundle_registry.h"
#include "pipeline/candidate_stage.h"
#include "serving/remote/hedged_call.h"
#include "shortlist/v1/candidate_generation.grpc.pb.h"

namespace shortlist {

class RemoteCandidateStage : public CandidateStage {
 public:
  // `address` is for error messages. `hedging`, which must outlive this, makes calls that take long
  // a second time; null: none is.
  RemoteCandidateStage(const std::shared_ptr<grpc::Channel>& channel, const std::string& address,
                       const BundleRegistry& bundles, Hedging* hedging = nullptr);

  // The service's own error; UNAVAILABLE when it cannot be reached. INVALID_ARGUMENT is passed on
  // as it is, other errors name the service. INTERNAL when its answer is not well-formed,
  // FAILED_PRECONDITION when it is of a bundle that is not loaded here.
  absl::StatusOr<CandidateList> Generate(BoundQuery& query, const Budget& budget) const override;
  absl::StatusOr<CandidateList> FindSimilar(const SimilarItemsQuery& query,
                                            const std::shared_ptr<const Bundle>& bundle,
                                            const Budget& budget) const override;

 private:
  std::unique_ptr<v1::CandidateGeneration::StubInterface> stub_;
  std::string name_;
  const BundleRegistry& bundles_;
  Hedging* hedging_;
};

}  // namespace shortlist
