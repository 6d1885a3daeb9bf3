// The versions of a models folder (model/bundle.h): which there are, which is served, and changing
// that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace shortlist {

struct BundleVersion {
  std::string name;  // Of its folder; a later one has a larger name.
  std::string bundle_id;
  uint64_t bytes = 0;
  bool is_current = false;
};

// Ascending, so that the last is the latest. Folders without a manifest are left out.
absl::StatusOr<std::vector<BundleVersion>> ListVersions(const std::filesystem::path& models_dir);

// What a roll-back goes to: the latest version before the current one that is none of `refused`.
// FAILED_PRECONDITION: there is none.
absl::StatusOr<std::string> VersionBeforeCurrent(const std::filesystem::path& models_dir,
                                                 const std::set<std::string>& refused = {});

// Has the version served by all processes that serve from this folder, in a second
// (serving/bundle_follower.h). It is verified and loaded first: an error, which names the file,
// leaves CURRENT as it is.
absl::Status ActivateVersion(const std::filesystem::path& models_dir, const std::string& version);

// Removes all but the latest `keep` versions, but for those that must stay
// (model/version_policy.h): the current one, the one before it, which is what a roll-back goes to,
// and any that a process of this machine has loaded. Returns the names of those removed.
absl::StatusOr<std::vector<std::string>> PruneVersions(const std::filesystem::path& models_dir,
                                                       size_t keep);

}  // namespace shortlist
