#include "serving/local_ranking_stage.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "serving/best_first.h"
#include "serving/field_path.h"
#include "serving/user_resolver.h"

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
  const std::vector<Candidate> candidates = CandidatesOf(request);
  if (log_ != nullptr) log_->Offer(request, call.bundle);
  ResolvedRequest own;
  const auto& [_, user, context] = Resolve(request.user(), request.context(), bundle,
                                           call.resolved == nullptr ? own : *call.resolved);

  response.mutable_scores()->Resize(count, 0);
  bundle.ranker->Score(user, context, candidates,
                       {response.mutable_scores()->mutable_data(), candidates.size()});
  response.mutable_probabilities()->Reserve(count);
  for (float score : response.scores())
    response.add_probabilities(bundle.ranker->Probability(score));
  std::vector<size_t> explained(request.explain_candidates().begin(),
                                request.explain_candidates().end());
  if (explained.empty())
    explained = BestFirst(response.scores(), static_cast<size_t>(request.explain_count()));
  if (explained.empty()) return absl::OkStatus();
  std::vector<std::vector<FeatureContribution>> explanations = bundle.ranker->Explain(
      user, context, candidates, {response.scores().data(), candidates.size()}, explained);
  for (size_t i = 0; i < explained.size(); ++i) {
    v1::Explanation& explanation = *response.add_explanations();
    explanation.set_candidate(static_cast<uint32_t>(explained[i]));
    for (FeatureContribution& contribution : explanations[i]) {
      v1::Contribution& out = *explanation.add_contributions();
      out.set_feature(std::move(contribution.feature));
      out.set_value(std::move(contribution.value));
      out.set_contribution(contribution.contribution);
    }
  }
  return absl::OkStatus();
}

}  // namespace shortlist
