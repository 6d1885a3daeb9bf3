#include "learning/towers/tower_validation.h"

#include <memory>
#include <numeric>

#include "common/status_macros.h"
#include "common/work_folder.h"
#include "evaluation/ranking_metrics.h"
#include "retrieval/index/exact_search.h"
#include "retrieval/two_tower.h"

namespace shortlist {

TowerValidation::TowerValidation(const Dataset& dataset, std::span<const UserSequence> sequences,
                                 uint64_t seed, WorkerPool& pool)
    : dataset_(dataset),
      cases_(MakeTestCases(dataset, ValidationAsTest(sequences),
                           {.max_users = kMaxUsers, .seed = seed})),
      pool_(pool) {}

absl::StatusOr<double> TowerValidation::Ndcg(const TrainedTowers& towers) const {
  if (empty()) return 0;
  ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> work, WorkFolder::Create());
  const std::filesystem::path path = work->path() / "towers.arr";
  RETURN_IF_ERROR(WriteTwoTower(towers, dataset_, path));
  ASSIGN_OR_RETURN(const TwoTower served,
                   TwoTower::Open(path, static_cast<uint32_t>(dataset_.items.ids.size())));
  std::vector<double> ndcg(cases_.size());
  pool_.ForEach(cases_.size(), [&](size_t i) {
    const TestCase& test = cases_[i];
    ItemFilter filter;
    filter.Exclude(test.had);
    std::vector<ItemRow> ranked;
    for (const ScoredItem& item :
         SearchExactly(served.item_embeddings(), served.dim(),
                       served.UserVector(test.user, test.context), filter, kCutoff))
      ranked.push_back(item.item);
    ndcg[i] = NdcgAt(ranked, test.relevant, kCutoff);
  });
  return std::accumulate(ndcg.begin(), ndcg.end(), 0.0) / static_cast<double>(ndcg.size());
}

}  // namespace shortlist
