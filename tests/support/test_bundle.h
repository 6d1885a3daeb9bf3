// A bundle trained for real, in seconds, on a synthetic data set.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "data/dataset.h"
#include "model/bundle_publisher.h"
#include "training/bundle_trainer.h"

namespace shortlist {

// Small towers, few epochs, one thread: the same bundle for the same data and seed.
TrainingOptions QuickTrainingOptions();

// Trains and publishes in `models_dir`. Aborts on an error.
PublishedBundle PublishTestBundle(const Dataset& dataset, const std::filesystem::path& models_dir,
                                  const TrainingOptions& options = QuickTrainingOptions());

}  // namespace shortlist
