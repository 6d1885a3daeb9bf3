// Recommendations for many users at once, without a service: the same pipeline over the states of a
// store or a data set, on all cores, written as JSON lines.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

struct BatchOptions {
  std::filesystem::path models;
  // Where the users' states are: of a data set where it is given, otherwise of a store.
  std::filesystem::path dataset;
  std::string state;          // Default: state.db in `models`.
  std::string users = "all";  // Or a file of user ids, one a line.
  std::filesystem::path out;
  size_t threads = 0;  // 0: one per core.
};

// Answers `request`, whose user is left open, for each user. Lines are in the order of the users:
// as the file, the store (by id) or the data set has them. Changes of the catalog that the store
// knows count. `out` is there whole or not at all.
// Errors name the flag, the file or the user.
absl::Status RecommendToMany(const v1::RecommendRequest& request, const BatchOptions& options);

}  // namespace shortlist
