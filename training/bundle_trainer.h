// The whole of training: from a data set to the files of a bundle.
//
//   1. Each user's last interactions are held out: for the test, and before them for validation.
//   2. Towers, co-occurrence, regressions and index are made from the rest; validation stops the
//   towers.
//   3. The ranker is trained on validation, on candidates that these towers return.
//   4. The whole is measured on the test.
//   5. Towers, co-occurrence, regressions and index are made once more from everything, with what
//   was learned
//      of when to stop; the ranker is kept. This is what gets served.
//
//   ASSIGN_OR_RETURN(TrainingReport report, TrainBundle(dataset, publisher.staging(), {}));
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "data/dataset.h"
#include "training/training_report.h"

namespace shortlist {

// Writes every file of a bundle into `folder`, report.json and report.html included.
// FAILED_PRECONDITION says what the data lacks.
absl::StatusOr<TrainingReport> TrainBundle(const Dataset& dataset,
                                           const std::filesystem::path& folder,
                                           const TrainingOptions& options);

}  // namespace shortlist
