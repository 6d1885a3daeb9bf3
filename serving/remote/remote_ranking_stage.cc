#include "serving/remote/remote_ranking_stage.h"

#include <google/protobuf/arena.h>
#include <grpcpp/client_context.h>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/remote/remote_call.h"
#include "serving/requests/stage_messages.h"

namespace shortlist {

using google::protobuf::Arena;

RemoteRankingStage::RemoteRankingStage(const std::shared_ptr<grpc::Channel>& channel,
                                       const std::string& address)
    : stub_(v1::Ranking::NewStub(channel)), name_(absl::StrCat("ranking service at ", address)) {}

absl::StatusOr<Scores> RemoteRankingStage::Rank(BoundQuery& query,
                                                std::span<const Candidate> candidates, bool liked,
                                                const Budget& budget) const {
  Arena arena(MessageArenaOptions());
  auto& request = *Arena::CreateMessage<v1::RankRequest>(&arena);
  auto& response = *Arena::CreateMessage<v1::RankResponse>(&arena);
  ToMessage(query, candidates, request);
  request.set_score_liked(liked);
  RETURN_IF_ERROR(Call(request, budget, response));
  return FromMessage(response, candidates.size(), liked);
}

absl::StatusOr<std::vector<Explanation>> RemoteRankingStage::Explain(
    BoundQuery& query, std::span<const Candidate> candidates,
    std::span<const CandidateToExplain> wanted, const Budget& budget) const {
  v1::RankRequest request;
  v1::RankResponse response;
  ToMessage(query, candidates, request);
  ToMessage(wanted, request);
  RETURN_IF_ERROR(Call(request, budget, response));
  return FromMessage(response, wanted);
}

absl::Status RemoteRankingStage::Call(const v1::RankRequest& request, const Budget& budget,
                                      v1::RankResponse& response) const {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(budget.deadline()));
  return RemoteStatus(stub_->Rank(&context, request, &response), name_);
}

}  // namespace shortlist
