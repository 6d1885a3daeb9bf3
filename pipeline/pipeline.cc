#include "pipeline/pipeline.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/status_macros.h"
#include "pipeline/arrangement.h"
#include "pipeline/ladder/fallback_candidates.h"
#include "pipeline/ladder/rung_choice.h"

namespace shortlist {
namespace {

// One request on its way down the ladder: what it has of the rungs before is kept for the next.
class Descent {
 public:
  Descent(const PipelineParts& parts, std::span<const Rung> rungs, BoundQuery& query,
          const Budget& budget, Pipeline::Stages stages)
      : parts_(parts),
        rungs_(parts.degradation == nullptr ? rungs.first(1) : rungs),
        query_(query),
        budget_(budget),
        begin_(budget.Now()),
        split_(parts.degradation == nullptr ? BudgetSplit{budget.deadline(), budget.deadline()}
                                            : SplitBudget(begin_, budget.target())),
        arrangement_(*parts.rules, query.query().rules),
        stages_(stages) {}

  absl::StatusOr<Answer> Run();

 private:
  RungConditions Conditions(absl::Time now) const;
  absl::StatusOr<Answer> Try(const Rung& rung);
  absl::Status Generate(const Rung& rung);
  absl::StatusOr<CandidateList> AskForCandidates(CandidateOrigin origin);
  absl::Status Rank();
  absl::StatusOr<Answer> Assemble(const Rung& rung);
  absl::Status Explain(std::span<const ShownCandidate> shown, Answer& answer);
  // Tells the ladder of the stage what came of asking it; `is_up` becomes false if it has failed.
  void Note(StageHealth Degradation::*stage, const absl::Status& status, absl::Time asked,
            absl::Time allowed, bool& is_up);

  const PipelineParts& parts_;
  const std::span<const Rung> rungs_;
  BoundQuery& query_;
  const Budget& budget_;
  const absl::Time begin_;
  const BudgetSplit split_;
  Arrangement arrangement_;
  Pipeline::Stages stages_;
  // What there is already.
  std::optional<CandidateOrigin> origin_;
  CandidateList list_;
  Scores scores_;
  absl::Duration candidates_time_, ranking_time_;
};

absl::StatusOr<Answer> Descent::Run() {
  // Before the stages work: what does not fit is refused at once.
  RETURN_IF_ERROR(arrangement_.Bind(query_.shared_bundle()));
  query_.pinned_item_ids = arrangement_.PinnedItemIds();
  if (parts_.degradation != nullptr) {
    stages_.candidates = stages_.candidates && parts_.degradation->candidates.IsUp(begin_);
    stages_.ranking = stages_.ranking && parts_.degradation->ranking.IsUp(begin_);
  }
  while (true) {
    const Pipeline::Stages asked = stages_;
    const Rung& rung = ChooseRung(rungs_, Conditions(budget_.Now()));
    absl::StatusOr<Answer> answer = Try(rung);
    if (answer.ok()) answer->rung = rung.id;
    const bool a_stage_failed =
        asked.candidates != stages_.candidates || asked.ranking != stages_.ranking;
    if (answer.ok() || !a_stage_failed || rungs_.size() == 1) return answer;
    RETURN_IF_ERROR(budget_.Check("a stage that failed"));
  }
}

RungConditions Descent::Conditions(absl::Time now) const {
  RungConditions conditions{.left = budget_.target() - now,
                            .candidates_up = stages_.candidates,
                            .ranking_up = stages_.ranking};
  if (parts_.degradation == nullptr) return conditions;
  conditions.narrowing = parts_.degradation->effort.narrowing();
  conditions.ranking_time = parts_.degradation->ranking.ExpectedTime();
  if (origin_ != CandidateOrigin::kStage)
    conditions.candidates_time = parts_.degradation->candidates.ExpectedTime();
  return conditions;
}

absl::StatusOr<Answer> Descent::Try(const Rung& rung) {
  if (origin_ != rung.candidates) RETURN_IF_ERROR(Generate(rung));
  if (rung.is_ranked && !list_.candidates.empty()) RETURN_IF_ERROR(Rank());
  return Assemble(rung);
}

absl::Status Descent::Generate(const Rung& rung) {
  const absl::Time asked = budget_.Now();
  query_.effort = rung.effort;
  absl::StatusOr<CandidateList> list = AskForCandidates(rung.candidates);
  if (rung.candidates == CandidateOrigin::kStage)
    Note(&Degradation::candidates, list.status(), asked, split_.candidates, stages_.candidates);
  RETURN_IF_ERROR(list.status());
  list_ = *std::move(list);
  origin_ = rung.candidates;
  // The ranker knows candidates in the order of stage one, which is by score.
  if (rung.candidates == CandidateOrigin::kPopular && rung.is_ranked)
    std::stable_sort(list_.candidates.begin(), list_.candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  query_.Rebind(list_.bundle);
  RETURN_IF_ERROR(arrangement_.Bind(list_.bundle));
  candidates_time_ += budget_.Now() - asked;
  return budget_.Check("generating candidates");
}

absl::StatusOr<CandidateList> Descent::AskForCandidates(CandidateOrigin origin) {
  switch (origin) {
    case CandidateOrigin::kStage:
      return parts_.candidates->Generate(query_, budget_.Until(split_.candidates));
    case CandidateOrigin::kPopular:
      return PopularCandidates(query_, *parts_.fallback);
    case CandidateOrigin::kPrecomputed:
      return PrecomputedCandidates(query_, *parts_.fallback);
  }
  return absl::InternalError("no such origin of candidates");
}

absl::Status Descent::Rank() {
  const absl::Time asked = budget_.Now();
  absl::StatusOr<Scores> scores = parts_.ranking->Rank(
      query_, list_.candidates, arrangement_.UsesLiked(), budget_.Until(split_.ranking));
  Note(&Degradation::ranking, scores.status(), asked, split_.ranking, stages_.ranking);
  // Unranked, what is popular has an order of its own.
  if (!scores.ok() && origin_ == CandidateOrigin::kPopular) origin_.reset();
  RETURN_IF_ERROR(scores.status());
  scores_ = *std::move(scores);
  ranking_time_ += budget_.Now() - asked;
  return budget_.Check("ranking");
}

void Descent::Note(StageHealth Degradation::*stage, const absl::Status& status, absl::Time asked,
                   absl::Time allowed, bool& is_up) {
  if (IsOfAStage(status)) is_up = false;
  if (parts_.degradation == nullptr) return;
  const absl::Time now = budget_.Now();
  if (absl::IsResourceExhausted(status)) parts_.degradation->effort.OnRefusal(now);
  (parts_.degradation->*stage).OnAnswer(status, allowed - asked, now - asked, now);
}

absl::StatusOr<Answer> Descent::Assemble(const Rung& rung) {
  const absl::Time begin = budget_.Now();
  const size_t count = query_.query().count;
  const std::vector<ShownCandidate> shown =
      rung.is_ranked ? arrangement_.Order(list_.candidates, scores_, count)
                     : arrangement_.OrderUnranked(list_.candidates, count);
  const Bundle& bundle = query_.bundle();
  Answer answer{.bundle = list_.bundle,
                .level = list_.level,
                .candidates_ranked = rung.is_ranked ? list_.candidates.size() : 0,
                .unknown_item_ids = query_.given_items().unknown_ids,
                .re_ranked = !arrangement_.MovesNothing(list_.candidates),
                .candidates_time = candidates_time_,
                .ranking_time = ranking_time_};
  if (answer.re_ranked) answer.re_ranking_time = budget_.Now() - begin;
  answer.items.reserve(shown.size());
  for (const ShownCandidate& placed : shown) {
    const Candidate& candidate = list_.candidates[placed.candidate];
    AnswerItem& item = answer.items.emplace_back(
        AnswerItem{.item = candidate.item,
                   .source = candidate.source,
                   .vector_origin = bundle.catalog.vector_origin(candidate.item),
                   .score = UnrankedScore(placed.candidate),
                   .place_by_score = placed.place_by_score,
                   .moved_by = placed.moved_by});
    if (!rung.is_ranked) continue;
    item.score = scores_.ranker[placed.candidate];
    item.probability = bundle.ranker->Probability(item.score);
    if (scores_.liked.empty()) continue;
    item.liked_score = scores_.liked[placed.candidate];
    item.liked_probability = bundle.liked_head->Probability(*item.liked_score);
  }
  if (rung.is_ranked && query_.query().explain && !shown.empty())
    RETURN_IF_ERROR(Explain(shown, answer));
  return answer;
}

// Says why the items of the answer, which are `shown` of the candidates, have their scores.
absl::Status Descent::Explain(std::span<const ShownCandidate> shown, Answer& answer) {
  std::vector<CandidateToExplain> wanted;
  for (size_t i = 0; i < shown.size(); ++i)
    wanted.push_back({.position = shown[i].candidate,
                      .score = answer.items[i].score,
                      .liked_score = answer.items[i].liked_score});
  const absl::Time asked = budget_.Now();
  absl::StatusOr<std::vector<Explanation>> explanations =
      parts_.ranking->Explain(query_, list_.candidates, wanted, budget_.Until(split_.ranking));
  Note(&Degradation::ranking, explanations.status(), asked, split_.ranking, stages_.ranking);
  RETURN_IF_ERROR(explanations.status());
  for (size_t i = 0; i < shown.size(); ++i)
    answer.items[i].explanation = std::move((*explanations)[i]);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Answer> Pipeline::Run(const Query& query, std::shared_ptr<const Bundle> bundle,
                                     const Budget& budget, Stages stages) const {
  BoundQuery bound(query, std::move(bundle));
  return Run(bound, budget, stages);
}

absl::StatusOr<Answer> Pipeline::Run(BoundQuery& query, const Budget& budget, Stages stages) const {
  return Descent(parts_, rungs_, query, budget, stages).Run();
}

}  // namespace shortlist
