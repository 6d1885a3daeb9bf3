#include "pipeline/local_ranking_stage.h"

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

absl::Status CheckLikedHead(const Bundle& bundle) {
  if (bundle.liked_head) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("score_liked: bundle ", bundle.id, " has no head for liked items"));
}

}  // namespace

absl::StatusOr<Scores> LocalRankingStage::Rank(BoundQuery& query,
                                               std::span<const Candidate> candidates, bool liked,
                                               const Budget& budget) const {
  const Bundle& bundle = query.bundle();
  if (liked) RETURN_IF_ERROR(CheckLikedHead(bundle));
  if (observer_ != nullptr) observer_->OnRank(query, candidates);
  const FeatureExtractor::Request request =
      bundle.extractor->Begin(query.user(), query.context(), candidates);
  RETURN_IF_ERROR(budget.Check("computing features"));
  Scores scores;
  scores.ranker.resize(candidates.size());
  bundle.ranker->Score(request, scores.ranker);
  if (liked) {
    RETURN_IF_ERROR(budget.Check("scoring by the ranker"));
    scores.liked.resize(candidates.size());
    bundle.liked_head->Score(request, scores.liked);
  }
  return scores;
}

absl::StatusOr<std::vector<Explanation>> LocalRankingStage::Explain(
    BoundQuery& query, std::span<const Candidate> candidates,
    std::span<const CandidateToExplain> wanted, const Budget& /*budget*/) const {
  const Bundle& bundle = query.bundle();
  const FeatureExtractor::Request request =
      bundle.extractor->Begin(query.user(), query.context(), candidates);
  std::vector<Explanation> explanations;
  explanations.reserve(wanted.size());
  for (const CandidateToExplain& candidate : wanted) {
    Explanation& explanation = explanations.emplace_back();
    explanation.contributions =
        bundle.ranker->Explain(request, candidate.position, candidate.score);
    if (!candidate.liked_score) continue;
    RETURN_IF_ERROR(CheckLikedHead(bundle));
    explanation.liked_contributions =
        bundle.liked_head->Explain(request, candidate.position, *candidate.liked_score);
  }
  return explanations;
}

}  // namespace shortlist
