// Turns MovieLens, as GroupLens distributes it, into a data set of atomic files for LoadDataset.
//
//   ASSIGN_OR_RETURN(MovieLensImport import, ImportMovieLens("ml-1m", "datasets/ml-1m", {}));
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace shortlist {

struct ImportOptions {
  // Leave out, log and count rows that cannot be used instead of stopping at the first.
  bool skip_bad_rows = false;
  // Replace a data set that is there already.
  bool force = false;
};

struct MovieLensImport {
  std::string format;  // E.g. "MovieLens 1M".
  uint64_t users = 0;
  uint64_t items = 0;
  uint64_t ratings = 0;
  uint64_t bad_rows = 0;
};

// `source` is the folder of a MovieLens distribution (100K, 1M, 10M, 20M, 25M, 32M, latest or
// latest-small, or Kaggle's copy of 20M), recognised by its files, or the CSV file of R's
// dslabs::movielens. The data set
// appears in `out` only when all of it is written; its files are named after that folder. Errors
// name file, line and reason.
absl::StatusOr<MovieLensImport> ImportMovieLens(const std::filesystem::path& source,
                                                const std::filesystem::path& out,
                                                const ImportOptions& options);

}  // namespace shortlist
