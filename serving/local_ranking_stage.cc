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

namespace {

void AddExplanation(const Bundle& bundle, const FeatureExtractor::Request& request, size_t position,
                    float score, v1::RankResponse& response) {
  v1::Explanation& explanation = *response.add_explanations();
  explanation.set_candidate(static_cast<uint32_t>(position));
  for (FeatureContribution& contribution : bundle.ranker->Explain(request, position, score)) {
    v1::Contribution& out = *explanation.add_contributions();
    out.set_feature(std::move(contribution.feature));
    out.set_value(std::move(contribution.value));
    out.set_contribution(contribution.contribution);
  }
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
  const std::vector<Candidate> candidates = CandidatesOf(request);
  ResolvedRequest own;
  const auto& [_, user, context] = Resolve(request.user(), request.context(), bundle,
                                           call.resolved == nullptr ? own : *call.resolved);
  const FeatureExtractor::Request begun = bundle.extractor->Begin(user, context, candidates);
  if (!request.explain_candidates().empty()) {
    for (int i = 0; i < request.explain_candidates_size(); ++i)
      AddExplanation(bundle, begun, request.explain_candidates(i), request.explain_scores(i),
                     response);
    return absl::OkStatus();
  }

  if (log_ != nullptr) log_->Offer(request, call.bundle);
  response.mutable_scores()->Resize(count, 0);
  bundle.ranker->Score(begun, {response.mutable_scores()->mutable_data(), candidates.size()});
  response.mutable_probabilities()->Reserve(count);
  for (float score : response.scores())
    response.add_probabilities(bundle.ranker->Probability(score));
  if (request.explain_count() == 0) return absl::OkStatus();
  for (size_t position : BestFirst(response.scores(), static_cast<size_t>(request.explain_count())))
    AddExplanation(bundle, begun, position, response.scores(static_cast<int>(position)), response);
  return absl::OkStatus();
}

}  // namespace shortlist
