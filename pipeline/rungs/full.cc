#include "pipeline/rungs/full.h"

#include <utility>
#include <vector>

#include "common/status_macros.h"
#include "pipeline/arrangement.h"

namespace shortlist {
namespace {

// Says why the items of the answer, which are `shown` of the candidates, have their scores.
absl::Status Explain(const RankingStage& ranking, BoundQuery& query, const Budget& budget,
                     std::span<const Candidate> candidates, std::span<const ShownCandidate> shown,
                     Answer& answer) {
  std::vector<CandidateToExplain> wanted;
  for (size_t i = 0; i < shown.size(); ++i)
    wanted.push_back({.position = shown[i].candidate,
                      .score = answer.items[i].score,
                      .liked_score = answer.items[i].liked_score});
  ASSIGN_OR_RETURN(std::vector<Explanation> explanations,
                   ranking.Explain(query, candidates, wanted, budget));
  for (size_t i = 0; i < shown.size(); ++i)
    answer.items[i].explanation = std::move(explanations[i]);
  return absl::OkStatus();
}

AnswerItem ItemOf(const ShownCandidate& shown, std::span<const Candidate> candidates,
                  const Scores& scores, const Bundle& bundle) {
  const Candidate& candidate = candidates[shown.candidate];
  AnswerItem item{.item = candidate.item,
                  .source = candidate.source,
                  .vector_origin = bundle.catalog.vector_origin(candidate.item),
                  .score = scores.ranker[shown.candidate],
                  .place_by_score = shown.place_by_score,
                  .moved_by = shown.moved_by};
  item.probability = bundle.ranker->Probability(item.score);
  if (!scores.liked.empty()) {
    item.liked_score = scores.liked[shown.candidate];
    item.liked_probability = bundle.liked_head->Probability(*item.liked_score);
  }
  return item;
}

}  // namespace

absl::StatusOr<Answer> AnswerInFull(const PipelineParts& parts, BoundQuery& query,
                                    const Budget& budget) {
  const absl::Time begin = budget.Now();
  Arrangement arrangement(*parts.rules, query.query().rules);
  // Before the stages work: what does not fit is refused at once.
  RETURN_IF_ERROR(arrangement.Bind(query.shared_bundle()));
  query.pinned_item_ids = arrangement.PinnedItemIds();
  const absl::Time bound = budget.Now();
  ASSIGN_OR_RETURN(const CandidateList list, parts.candidates->Generate(query, budget));
  query.Rebind(list.bundle);
  RETURN_IF_ERROR(arrangement.Bind(list.bundle));
  const absl::Time generated = budget.Now();
  RETURN_IF_ERROR(budget.Check("generating candidates"));

  Scores scores;
  if (!list.candidates.empty()) {
    ASSIGN_OR_RETURN(scores,
                     parts.ranking->Rank(query, list.candidates, arrangement.UsesLiked(), budget));
  }
  const absl::Time ranked = budget.Now();
  RETURN_IF_ERROR(budget.Check("ranking"));

  const std::vector<ShownCandidate> shown =
      arrangement.Order(list.candidates, scores, query.query().count);
  Answer answer{.bundle = list.bundle,
                .level = list.level,
                .candidates_ranked = list.candidates.size(),
                .unknown_item_ids = query.given_items().unknown_ids,
                .re_ranked = !arrangement.MovesNothing(list.candidates),
                .candidates_time = generated - bound,
                .ranking_time = ranked - generated};
  if (answer.re_ranked) answer.re_ranking_time = (bound - begin) + (budget.Now() - ranked);
  answer.items.reserve(shown.size());
  for (const ShownCandidate& placed : shown)
    answer.items.push_back(ItemOf(placed, list.candidates, scores, query.bundle()));
  if (query.query().explain && !shown.empty())
    RETURN_IF_ERROR(Explain(*parts.ranking, query, budget, list.candidates, shown, answer));
  return answer;
}

}  // namespace shortlist
