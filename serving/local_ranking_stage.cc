#include "serving/local_ranking_stage.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "serving/best_first.h"
#include "serving/field_path.h"
#include "serving/user_resolver.h"

namespace shortlist {

absl::Status LocalRankingStage::Rank(const v1::RankRequest& request, const StageCall& call,
                                     v1::RankResponse& response) const {
  const Bundle& bundle = *call.bundle;
  const int count = request.item_rows_size();
  std::vector<Candidate> candidates;
  candidates.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    if (request.item_rows(i) >= bundle.catalog.item_count())
      return Invalid({nullptr, "item_rows", i},
                     absl::StrCat(request.item_rows(i), " is beyond the bundle's ",
                                  bundle.catalog.item_count(), " items"));
    candidates.push_back({.item = request.item_rows(i),
                          .score = request.scores(i),
                          .source = static_cast<SourceId>(request.sources(i))});
  }
  ResolvedRequest own;
  const auto& [_, user, context] = Resolve(request.user(), request.context(), bundle,
                                           call.resolved == nullptr ? own : *call.resolved);

  response.mutable_scores()->Resize(count, 0);
  bundle.ranker->Score(user, context, candidates,
                       {response.mutable_scores()->mutable_data(), candidates.size()});
  response.mutable_probabilities()->Reserve(count);
  for (float score : response.scores())
    response.add_probabilities(bundle.ranker->Probability(score));
  if (request.explain_count() == 0) return absl::OkStatus();

  const std::vector<size_t> best =
      BestFirst(response.scores(), static_cast<size_t>(request.explain_count()));
  std::vector<std::vector<FeatureContribution>> explanations =
      bundle.ranker->Explain(user, context, candidates, best);
  for (size_t i = 0; i < best.size(); ++i) {
    v1::Explanation& explanation = *response.add_explanations();
    explanation.set_candidate(static_cast<uint32_t>(best[i]));
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
