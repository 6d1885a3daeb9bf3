#include "serving/local_ranking_stage.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "ranking/best_first.h"
#include "serving/requests/field_path.h"
#include "serving/requests/user_resolver.h"

namespace shortlist {

std::vector<Candidate> CandidatesOf(const v1::RankRequest& request) {
  std::vector<Candidate> candidates;
  candidates.reserve(static_cast<size_t>(request.item_rows_size()));
  for (int i = 0; i < request.item_rows_size(); ++i)
    candidates.push_back({.item = request.item_rows(i),
                          .score = request.scores(i),
                          .source = static_cast<SourceId>(request.sources(i))});
  return candidates;
}

namespace {

using Floats = google::protobuf::RepeatedField<float>;

// Why the candidate has this score of that head.
void AddContributions(const LogisticRanker& head, const FeatureExtractor::Request& request,
                      size_t position, float score,
                      google::protobuf::RepeatedPtrField<v1::Contribution>& contributions) {
  for (FeatureContribution& contribution : head.Explain(request, position, score)) {
    v1::Contribution& out = *contributions.Add();
    out.set_feature(std::move(contribution.feature));
    out.set_value(std::move(contribution.value));
    out.set_contribution(contribution.contribution);
  }
}

void ScoreWith(const LogisticRanker& head, const FeatureExtractor::Request& request, Floats& scores,
               Floats& probabilities) {
  const auto count = static_cast<int>(request.candidates.size());
  scores.Resize(count, 0);
  head.Score(request, {scores.mutable_data(), request.candidates.size()});
  probabilities.Reserve(count);
  for (float score : scores) probabilities.AddAlreadyReserved(head.Probability(score));
}

}  // namespace

absl::Status LocalRankingStage::Rank(const v1::RankRequest& request, const StageCall& call,
                                     v1::RankResponse& response) const {
  const Bundle& bundle = *call.bundle;
  const int count = request.item_rows_size();
  for (int i = 0; i < count; ++i) {
    if (request.item_rows(i) >= bundle.catalog.item_count())
      return Invalid({nullptr, "item_rows", i},
                     absl::StrCat(request.item_rows(i), " is beyond the bundle's ",
                                  bundle.catalog.item_count(), " items"));
  }
  if ((request.score_liked() || !request.explain_liked_scores().empty()) && !bundle.liked_head)
    return absl::FailedPreconditionError(
        absl::StrCat("score_liked: bundle ", bundle.id, " has no head for liked items"));
  const std::vector<Candidate> candidates = CandidatesOf(request);
  ResolvedRequest own;
  const auto& [_, user, context] = Resolve(request.user(), request.context(), bundle,
                                           call.resolved == nullptr ? own : *call.resolved);
  const FeatureExtractor::Request begun = bundle.extractor->Begin(user, context, candidates);
  auto explain = [&](size_t position, float score, const float* liked_score) {
    v1::Explanation& explanation = *response.add_explanations();
    explanation.set_candidate(static_cast<uint32_t>(position));
    AddContributions(*bundle.ranker, begun, position, score, *explanation.mutable_contributions());
    if (liked_score != nullptr)
      AddContributions(*bundle.liked_head, begun, position, *liked_score,
                       *explanation.mutable_liked_contributions());
  };
  if (!request.explain_candidates().empty()) {
    const Floats& liked = request.explain_liked_scores();
    for (int i = 0; i < request.explain_candidates_size(); ++i)
      explain(request.explain_candidates(i), request.explain_scores(i),
              liked.empty() ? nullptr : &liked[i]);
    return absl::OkStatus();
  }

  if (log_ != nullptr) log_->Offer(request, call.bundle);
  ScoreWith(*bundle.ranker, begun, *response.mutable_scores(), *response.mutable_probabilities());
  if (request.score_liked())
    ScoreWith(*bundle.liked_head, begun, *response.mutable_liked_scores(),
              *response.mutable_liked_probabilities());
  if (request.explain_count() == 0) return absl::OkStatus();
  for (size_t position :
       BestFirst(response.scores(), static_cast<size_t>(request.explain_count()))) {
    const int i = static_cast<int>(position);
    explain(position, response.scores(i),
            request.score_liked() ? &response.liked_scores()[i] : nullptr);
  }
  return absl::OkStatus();
}

}  // namespace shortlist
