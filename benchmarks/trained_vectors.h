// The vectors of a trained model: its items, and users of a data set as they were before their
// last interactions.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "benchmarks/vector_file.h"

namespace shortlist {

struct TrainedVectors {
  Vectors items, users;
};

// At most `user_count` users, spread over the data set. `models`: the folder with CURRENT.
absl::StatusOr<TrainedVectors> ReadTrainedVectors(const std::filesystem::path& models,
                                                  const std::filesystem::path& dataset,
                                                  size_t user_count);

}  // namespace shortlist
