// Stage one in another process, called over gRPC. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include <grpcpp/channel.h>

#include "serving/candidate_stage.h"
#include "shortlist/v1/candidate_generation.grpc.pb.h"

namespace shortlist {

class RemoteCandidateStage : public CandidateStage {
 public:
  // `address` is for error messages.
  RemoteCandidateStage(const std::shared_ptr<grpc::Channel>& channel, const std::string& address);

  // The service's own error; UNAVAILABLE when it cannot be reached. INVALID_ARGUMENT is passed on
  // as it is, other errors name the service.
  absl::Status Generate(const v1::GenerateCandidatesRequest& request, const StageCall& call,
                        v1::GenerateCandidatesResponse& response) const override;

 private:
  std::unique_ptr<v1::CandidateGeneration::StubInterface> stub_;
  std::string name_;
};

}  // namespace shortlist
