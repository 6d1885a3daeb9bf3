// Marks a version as in use: while a process holds its lease, pruning leaves its folder alone, in
// any process of this machine. A shared lock (flock) of the manifest, which goes with the process.
//
//   ASSIGN_OR_RETURN(bundle->lease, LeaseVersion(folder));
#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"

namespace shortlist {

// Null where the file system has no locks. NOT_FOUND: there is no manifest; UNAVAILABLE: the
// version is being removed.
absl::StatusOr<std::shared_ptr<const void>> LeaseVersion(const std::filesystem::path& folder);

// A lock that keeps others from leasing the version, or null where somebody has a lease of it.
std::shared_ptr<const void> LockUnusedVersion(const std::filesystem::path& folder);

}  // namespace shortlist
