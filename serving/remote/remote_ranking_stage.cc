#include "serving/remote/remote_ranking_stage.h"

#include <google/protobuf/arena.h>
#include <grpcpp/client_context.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/remote/remote_call.h"
#include "serving/requests/stage_messages.h"

namespace shortlist {

using google::protobuf::Arena;

RemoteRankingStage::RemoteRankingStage(const std::shared_ptr<grpc::Channel>& channel,
                                       const std::string& address, Hedging* hedging)
    : stub_(v1::Ranking::NewStub(channel)),
      name_(absl::StrCat("ranking service at ", address)),
      hedging_(hedging) {}

absl::StatusOr<Scores> RemoteRankingStage::Rank(BoundQuery& query,
                                                std::span<const Candidate> candidates, bool liked,
                                                const Budget& budget) const {
  Arena arena(MessageArenaOptions());
  auto& request = *Arena::CreateMessage<v1::RankRequest>(&arena);
  auto& response = *Arena::CreateMessage<v1::RankResponse>(&arena);
  ToMessage(query, candidates, request);
  request.set_score_liked(liked);
  RETURN_IF_ERROR(Call(request, budget, arena, response));
  return FromMessage(response, candidates.size(), liked);
}

absl::StatusOr<std::vector<Explanation>> RemoteRankingStage::Explain(
    BoundQuery& query, std::span<const Candidate> candidates,
    std::span<const CandidateToExplain> wanted, const Budget& budget) const {
  Arena arena(MessageArenaOptions());
  auto& request = *Arena::CreateMessage<v1::RankRequest>(&arena);
  auto& response = *Arena::CreateMessage<v1::RankResponse>(&arena);
  ToMessage(query, candidates, request);
  ToMessage(wanted, request);
  RETURN_IF_ERROR(Call(request, budget, arena, response));
  return FromMessage(response, wanted);
}

absl::Status RemoteRankingStage::Call(const v1::RankRequest& request, const Budget& budget,
                                      Arena& arena, v1::RankResponse& response) const {
  if (hedging_ != nullptr)
    return RemoteStatus(hedging_->Call(budget.deadline(), response, arena,
                                       [&](auto* context, auto* answer, auto done) {
                                         stub_->async()->Rank(context, &request, answer,
                                                              std::move(done));
                                       }),
                        name_);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(budget.deadline()));
  return RemoteStatus(stub_->Rank(&context, request, &response), name_);
}

}  // namespace shortlist
