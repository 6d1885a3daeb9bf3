#include "evaluation/recommenders.h"

#include <algorithm>

#include "pipeline/local_pipeline.h"
#include "retrieval/index/exact_search.h"
#include "retrieval/top_items.h"

namespace shortlist {
namespace {

std::vector<ItemRow> RowsOf(std::span<const ScoredItem> found) {
  std::vector<ItemRow> rows;
  rows.reserve(found.size());
  for (const ScoredItem& item : found) rows.push_back(item.item);
  return rows;
}

}  // namespace

Recommend FromScores(const ScoringModel& model, size_t items) {
  return [&model, items](const TestCase& test, const ItemFilter& filter, size_t count) {
    std::vector<float> scores(items);
    std::vector<ItemRow> history = ItemsOf(test.user);
    std::sort(history.begin(), history.end());
    history.erase(std::unique(history.begin(), history.end()), history.end());
    model.Score(history, scores);
    TopItems top(std::max<size_t>(count, 1));
    filter.ForEachPassing(static_cast<uint32_t>(items), [&](ItemRow item) {
      top.Add({item, scores[item]});
    });
    std::vector<ItemRow> rows = RowsOf(std::move(top).Take());
    rows.resize(std::min(rows.size(), count));
    return rows;
  };
}

Recommend ExactRetrieval(const Bundle& bundle) {
  return [&bundle](const TestCase& test, const ItemFilter& filter, size_t count) {
    const std::vector<float> user = bundle.towers.UserVector(test.user, test.context);
    return RowsOf(
        SearchExactly(bundle.towers.item_embeddings(), bundle.towers.dim(), user, filter, count));
  };
}

Recommend IndexedRetrieval(const Bundle& bundle) {
  return [&bundle](const TestCase& test, const ItemFilter& filter, size_t count) {
    const std::vector<float> user = bundle.towers.UserVector(test.user, test.context);
    return RowsOf(bundle.index->Search(user, filter, count));
  };
}

Recommend StageOne(const Bundle& bundle, size_t candidates) {
  return [&bundle, candidates](const TestCase& test, const ItemFilter& filter, size_t count) {
    const LocalPipeline pipeline;
    const Query query{.count = 0, .candidate_count = candidates};
    BoundQuery bound(query, Borrow(bundle), test.user, test.context, filter);
    std::vector<ItemRow> rows;
    const std::vector<Candidate> found = pipeline.Generate(bound).value();
    for (const Candidate& candidate : found) rows.push_back(candidate.item);
    rows.resize(std::min(rows.size(), count));
    return rows;
  };
}

Recommend BothStages(const Bundle& bundle, size_t candidates) {
  return FirstRung(bundle, candidates, RungTable());
}

Recommend FirstRung(const Bundle& bundle, size_t candidates, std::span<const Rung> rungs) {
  return
      [&bundle, candidates, rungs](const TestCase& test, const ItemFilter& filter, size_t count) {
        const LocalPipeline pipeline(rungs);
        // No more candidates than were asked for, however many places there are to fill.
        const Query query{.count = std::min(count, candidates), .candidate_count = candidates};
        BoundQuery bound(query, Borrow(bundle), test.user, test.context, filter);
        std::vector<ItemRow> rows;
        const Answer answer = pipeline.Run(bound).value();
        for (const AnswerItem& item : answer.items) rows.push_back(item.item);
        return rows;
      };
}

}  // namespace shortlist
