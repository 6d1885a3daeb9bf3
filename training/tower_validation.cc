#include "training/tower_validation.h"

#include <unistd.h>

#include <numeric>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "retrieval/exact_search.h"
#include "retrieval/two_tower.h"
#include "training/ranking_metrics.h"

namespace shortlist {

TowerValidation::TowerValidation(const Dataset& dataset, std::span<const UserSequence> sequences,
                                 uint64_t seed, WorkerPool& pool)
    : dataset_(dataset),
      cases_(MakeTestCases(dataset, ValidationAsTest(sequences),
                           {.max_users = kMaxUsers, .seed = seed})),
      pool_(pool) {}

absl::StatusOr<double> TowerValidation::Ndcg(const TrainedTowers& towers) const {
  if (empty()) return 0;
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      absl::StrCat("shortlist-towers-", ::getpid(), "-", reinterpret_cast<uintptr_t>(this));
  absl::Status written = WriteTwoTower(towers, dataset_, path);
  auto opened = TwoTower::Open(path, static_cast<uint32_t>(dataset_.items.ids.size()));
  std::error_code ignored;  // The file stays mapped until `opened` is gone.
  std::filesystem::remove(path, ignored);
  RETURN_IF_ERROR(written);
  ASSIGN_OR_RETURN(const TwoTower served, std::move(opened));
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
