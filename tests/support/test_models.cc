#include "tests/support/test_models.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "state/sqlite_user_state_store.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

v1::UserState StateOf(const Dataset& dataset, uint32_t user) {
  v1::UserState state;
  state.set_user_id(dataset.user_ids[user]);
  const AttributeCodes& attributes = dataset.user_attributes;
  v1::Attribute& gender = *state.add_attributes();
  gender.set_name("gender");
  gender.add_values(attributes.schema[0].values[attributes.codes[attributes.offsets[user]]]);
  for (const DatasetInteraction& interaction : dataset.interactions) {
    if (interaction.user != user) continue;
    v1::Interaction& entry = *state.add_history();
    entry.set_item_id(dataset.items.ids[interaction.item]);
    entry.set_time_ms(interaction.time_ms);
    entry.set_value(interaction.value);
  }
  return state;
}

}  // namespace

TestModels::TestModels(uint64_t seed, bool liked_head) : dataset_(MakeSyntheticDataset()) {
  TrainingOptions options = QuickTrainingOptions();
  options.stages.seed = seed;
  options.stages.ranker.liked_head = liked_head;
  PublishTestBundle(dataset_, folder(), options);
  auto bundle = LoadCurrentBundle(folder());
  Check(bundle.status());
  bundle_ = *std::move(bundle);
  auto store = SqliteUserStateStore::OpenOrCreate(state_db());
  Check(store.status());
  uint32_t user = 0;
  Check((*store)->ReplaceAll([&](v1::UserState& state) {
    if (user == dataset_.user_ids.size()) return false;
    state = StateOf(dataset_, user++);
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

}  // namespace shortlist
