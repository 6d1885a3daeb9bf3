#include "serving/remote/remote_ranking_stage.h"

#include <grpcpp/client_context.h>

#include "absl/strings/str_cat.h"
#include "serving/remote/remote_call.h"

namespace shortlist {

RemoteRankingStage::RemoteRankingStage(const std::shared_ptr<grpc::Channel>& channel,
                                       const std::string& address)
    : stub_(v1::Ranking::NewStub(channel)), name_(absl::StrCat("ranking service at ", address)) {}

absl::Status RemoteRankingStage::Rank(const v1::RankRequest& request, const StageCall& call,
                                      v1::RankResponse& response) const {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(call.deadline));
  return RemoteStatus(stub_->Rank(&context, request, &response), name_);
}

}  // namespace shortlist
