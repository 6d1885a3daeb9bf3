#include "training/evaluator.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "training/ranking_metrics.h"
#include "training/request_builder.h"

namespace shortlist {
namespace {

constexpr size_t kLongestCutoff = 100;
enum Model : size_t { kPopularity, kRetrieval, kTwoStage, kModelCount };
constexpr const char* kModelNames[] = {"popularity", "retrieval", "two_stage"};

EvaluationRow Measure(std::span<const ItemRow> ranked, const ItemSet& relevant) {
  return {.model = "",
          .hit_10 = HitAt(ranked, relevant, 10),
          .ndcg_10 = NdcgAt(ranked, relevant, 10),
          .recall_20 = RecallAt(ranked, relevant, 20),
          .recall_100 = RecallAt(ranked, relevant, 100)};
}

void Add(const EvaluationRow& part, EvaluationRow& total) {
  total.hit_10 += part.hit_10;
  total.ndcg_10 += part.ndcg_10;
  total.recall_20 += part.recall_20;
  total.recall_100 += part.recall_100;
}

std::vector<ItemRow> ItemsByPopularity(const Catalog& catalog) {
  std::vector<ItemRow> items(catalog.item_count());
  std::iota(items.begin(), items.end(), 0);
  const auto counts = catalog.interaction_counts();
  std::stable_sort(items.begin(), items.end(),
                   [&](ItemRow a, ItemRow b) { return counts[a] > counts[b]; });
  return items;
}

}  // namespace

Evaluation Evaluate(const Dataset& dataset, std::span<const UserSequence> sequences,
                    const Bundle& bundle, size_t candidate_count, WorkerPool& pool) {
  std::vector<uint32_t> users;
  for (uint32_t user = 0; user < sequences.size(); ++user)
    if (sequences[user].valid_end < sequences[user].end) users.push_back(user);
  const std::vector<ItemRow> by_popularity = ItemsByPopularity(bundle.catalog);

  std::vector<std::array<EvaluationRow, kModelCount>> measured(users.size());
  std::vector<char> counted(users.size(), 0);
  pool.ForEach(users.size(), [&](size_t u) {
    const UserSequence& sequence = sequences[users[u]];
    const PastRequest request = RequestBefore(dataset, sequence, users[u], sequence.valid_end);
    ItemSet relevant;
    for (size_t i = sequence.valid_end; i < sequence.end; ++i)
      relevant.insert(dataset.interactions[i].item);
    const std::vector<ItemRow> seen = ItemsOf(request.user);
    for (ItemRow item : seen) relevant.erase(item);  // Not to be recommended again.
    if (relevant.empty()) return;
    counted[u] = 1;
    ItemFilter filter;
    filter.Exclude(seen);

    std::vector<ItemRow> ranked;
    for (ItemRow item : by_popularity) {
      if (ranked.size() == kLongestCutoff) break;
      if (filter.Passes(item)) ranked.push_back(item);
    }
    measured[u][kPopularity] = Measure(ranked, relevant);

    const std::vector<Candidate> candidates =
        bundle.candidates->Generate(request.user, request.context, filter, candidate_count);
    ranked.clear();
    for (const Candidate& candidate : candidates) ranked.push_back(candidate.item);
    measured[u][kRetrieval] = Measure(ranked, relevant);

    std::vector<float> scores(candidates.size());
    bundle.ranker->Score(request.user, request.context, candidates, scores);
    std::vector<size_t> order(candidates.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return scores[a] > scores[b]; });
    for (size_t i = 0; i < order.size(); ++i) ranked[i] = candidates[order[i]].item;
    measured[u][kTwoStage] = Measure(ranked, relevant);
  });

  Evaluation evaluation;
  evaluation.users = static_cast<size_t>(std::count(counted.begin(), counted.end(), 1));
  const double count = std::max<double>(1, static_cast<double>(evaluation.users));
  for (size_t model = 0; model < kModelCount; ++model) {
    EvaluationRow mean;
    for (const auto& user : measured) Add(user[model], mean);
    evaluation.rows.push_back({.model = kModelNames[model],
                               .hit_10 = mean.hit_10 / count,
                               .ndcg_10 = mean.ndcg_10 / count,
                               .recall_20 = mean.recall_20 / count,
                               .recall_100 = mean.recall_100 / count});
  }
  return evaluation;
}

std::string FormatEvaluation(const Evaluation& evaluation) {
  std::string text = absl::StrFormat("%-12s %8s %8s %10s %11s\n", "", "Hit@10", "NDCG@10",
                                     "Recall@20", "Recall@100");
  for (const EvaluationRow& row : evaluation.rows)
    absl::StrAppendFormat(&text, "%-12s %8.4f %8.4f %10.4f %11.4f\n", row.model, row.hit_10,
                          row.ndcg_10, row.recall_20, row.recall_100);
  return text;
}

}  // namespace shortlist
