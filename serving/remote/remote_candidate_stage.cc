#include "serving/remote/remote_candidate_stage.h"

#include <grpcpp/client_context.h>

#include "absl/strings/str_cat.h"
#include "serving/remote/remote_call.h"

namespace shortlist {

RemoteCandidateStage::RemoteCandidateStage(const std::shared_ptr<grpc::Channel>& channel,
                                           const std::string& address)
    : stub_(v1::CandidateGeneration::NewStub(channel)),
      name_(absl::StrCat("retrieval service at ", address)) {}

absl::Status RemoteCandidateStage::Generate(const v1::GenerateCandidatesRequest& request,
                                            const StageCall& call,
                                            v1::GenerateCandidatesResponse& response) const {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(call.deadline));
  return RemoteStatus(stub_->GenerateCandidates(&context, request, &response), name_);
}

}  // namespace shortlist
