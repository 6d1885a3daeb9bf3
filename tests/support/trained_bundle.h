// A bundle that was trained once a process on the synthetic data set, with a second head: treat it
// as read-only.
#pragma once

#include <cstdlib>
#include <memory>

#include "model/bundle.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"

namespace shortlist {

inline const std::shared_ptr<const Bundle>& TrainedBundle() {
  static const TemporaryFolder folder;
  static const std::shared_ptr<const Bundle> bundle = [] {
    TrainingOptions options = QuickTrainingOptions();
    options.stages.ranker.liked_head = true;
    PublishTestBundle(MakeSyntheticDataset(), folder.path(), options);
    auto loaded = LoadCurrentBundle(folder.path());
    if (!loaded.ok()) std::abort();
    return *std::move(loaded);
  }();
  return bundle;
}

}  // namespace shortlist
