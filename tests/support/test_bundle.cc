#include "tests/support/test_bundle.h"

#include <cstdio>
#include <cstdlib>

#include "absl/time/time.h"

namespace shortlist {
namespace {

template <class T>
T ValueOrDie(absl::StatusOr<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
  std::abort();
}

}  // namespace

TrainingOptions QuickTrainingOptions() {
  TrainingOptions options;
  TowerOptions& towers = options.stages.towers;
  towers.kind = TowerKind::kSequence;
  towers.dim = 16;
  towers.sequence.shape = {.dim = 16, .hidden = 16, .max_history = 20};
  towers.sequence.learning_rate = 5e-3F;
  towers.max_epochs = 6;
  options.stages.ranker.candidates = 60;
  options.threads = 1;
  return options;
}

PublishedBundle PublishTestBundle(const Dataset& dataset, const std::filesystem::path& models_dir,
                                  const TrainingOptions& options) {
  BundlePublisher publisher = ValueOrDie(BundlePublisher::Begin(models_dir));
  ValueOrDie(TrainBundle(dataset, publisher.staging(), options));
  // A fixed time, so that versions depend on the content alone.
  return ValueOrDie(publisher.Publish(absl::FromUnixSeconds(1'700'000'000)));
}

}  // namespace shortlist
