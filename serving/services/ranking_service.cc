#include "serving/services/ranking_service.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "ranking/best_first.h"
#include "serving/requests/answer_messages.h"
#include "serving/requests/request_validation.h"
#include "serving/requests/stage_messages.h"
#include "serving/services/call_budget.h"

namespace shortlist {
namespace {

std::vector<CandidateToExplain> CandidatesToExplain(const v1::RankRequest& request) {
  std::vector<CandidateToExplain> wanted;
  for (int i = 0; i < request.explain_candidates_size(); ++i) {
    CandidateToExplain& candidate = wanted.emplace_back();
    candidate.position = request.explain_candidates(i);
    candidate.score = request.explain_scores(i);
    if (!request.explain_liked_scores().empty())
      candidate.liked_score = request.explain_liked_scores(i);
  }
  return wanted;
}

std::vector<CandidateToExplain> BestToExplain(const Scores& scores, size_t count) {
  std::vector<CandidateToExplain> wanted;
  for (size_t position : BestFirst(scores.ranker, count)) {
    CandidateToExplain& candidate = wanted.emplace_back();
    candidate.position = position;
    candidate.score = scores.ranker[position];
    if (!scores.liked.empty()) candidate.liked_score = scores.liked[position];
  }
  return wanted;
}

void FillIn(const Scores& scores, const Bundle& bundle, v1::RankResponse& response) {
  response.mutable_scores()->Assign(scores.ranker.begin(), scores.ranker.end());
  for (float score : scores.ranker) response.add_probabilities(bundle.ranker->Probability(score));
  response.mutable_liked_scores()->Assign(scores.liked.begin(), scores.liked.end());
  for (float score : scores.liked)
    response.add_liked_probabilities(bundle.liked_head->Probability(score));
}

}  // namespace

absl::Status RankingService::Answer(const v1::RankRequest& request, const Budget& budget,
                                    v1::RankResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  const auto not_loaded = [&] {
    return absl::FailedPreconditionError(
        absl::StrCat("bundle_id: bundle ", request.bundle_id(), " is not loaded here"));
  };
  std::shared_ptr<const Bundle> bundle = bundles_.Find(request.bundle_id());
  if (bundle == nullptr) return not_loaded();
  absl::StatusOr<std::vector<Candidate>> found = CandidatesOf(request, *bundle);
  if (absl::IsFailedPrecondition(found.status()) && catch_up_) {
    RETURN_IF_ERROR(catch_up_());
    bundle = bundles_.Find(request.bundle_id());
    if (bundle == nullptr) return not_loaded();  // Another version was taken up meanwhile.
    found = CandidatesOf(request, *bundle);
  }
  RETURN_IF_ERROR(found.status());
  const std::vector<Candidate>& candidates = *found;
  Query query = FromMessage(request);
  if (query.context.time_ms == 0) query.context.time_ms = absl::ToUnixMillis(clock_());
  BoundQuery bound(query, bundle);

  std::vector<CandidateToExplain> wanted = CandidatesToExplain(request);
  if (wanted.empty()) {
    ASSIGN_OR_RETURN(const Scores scores,
                     stage_.Rank(bound, candidates, request.score_liked(), budget));
    FillIn(scores, *bundle, response);
    wanted = BestToExplain(scores, static_cast<size_t>(request.explain_count()));
  }
  if (wanted.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Explanation> explanations,
                   stage_.Explain(bound, candidates, wanted, budget));
  for (size_t i = 0; i < wanted.size(); ++i) {
    v1::Explanation& explanation = *response.add_explanations();
    explanation.set_candidate(static_cast<uint32_t>(wanted[i].position));
    ToMessages(explanations[i].contributions, *explanation.mutable_contributions());
    ToMessages(explanations[i].liked_contributions, *explanation.mutable_liked_contributions());
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* RankingService::Rank(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return calls_.Answer<v1::RankRequest, v1::RankResponse>(
      context, request, response, [this](const auto& parsed, const Call& call, auto& answer) {
        return Answer(parsed, BudgetOf(call, clock_), answer);
      });
}

}  // namespace shortlist
