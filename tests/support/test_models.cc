#include "tests/support/test_models.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "data/past_request.h"
#include "state/sqlite/sqlite_state_store.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

}  // namespace

TestModels::TestModels(uint64_t seed, bool liked_head, const SyntheticDatasetOptions& data)
    : dataset_(MakeSyntheticDataset(data)) {
  TrainingOptions options = QuickTrainingOptions();
  options.stages.seed = seed;
  options.stages.ranker.liked_head = liked_head;
  PublishTestBundle(dataset_, folder(), options);
  auto bundle = LoadCurrentBundle(folder());
  Check(bundle.status());
  bundle_ = *std::move(bundle);
  auto store = SqliteStateStore::OpenOrCreate(state_db(), StateProjection());
  Check(store.status());
  uint32_t user = 0;
  size_t position = 0;
  Check((*store)->ReplaceSeeds([&](UserState& state) {
    if (user == dataset_.user_ids.size()) return false;
    const size_t begin = position;
    while (position < dataset_.interactions.size() && dataset_.interactions[position].user == user)
      ++position;
    state = StateOf(dataset_, user++, begin, position);
    return true;
  }));
}

const TestModels& SharedTestModels() {
  static const TestModels models(/*seed=*/1, /*liked_head=*/true);
  return models;
}

const TestModels& OtherTestModels() {
  static const TestModels models(/*seed=*/2, /*liked_head=*/false);
  return models;
}

const TestModels& VectorTestModels() {
  static const TestModels models(/*seed=*/1, /*liked_head=*/false, {.vector_dim = 6});
  return models;
}

void CopyTestModels(const std::filesystem::path& folder) {
  for (const TestModels* models : {&OtherTestModels(), &SharedTestModels()})
    std::filesystem::copy(models->folder(), folder,
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);
}

}  // namespace shortlist
