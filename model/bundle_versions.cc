#include "model/bundle_versions.h"

#include <algorithm>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "model/bundle.h"
#include "model/bundle_lease.h"
#include "model/manifest.h"
#include "model/version_policy.h"

namespace shortlist {

absl::StatusOr<std::vector<BundleVersion>> ListVersions(const std::filesystem::path& models_dir) {
  ASSIGN_OR_RETURN(const std::string current, CurrentVersion(models_dir));
  std::vector<BundleVersion> versions;
  std::error_code error;
  std::filesystem::directory_iterator entry(models_dir, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    // Publishers' folders, which are not versions yet, begin with a dot.
    if (name.starts_with('.') || !std::filesystem::exists(entry->path() / kManifestFile)) continue;
    ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(entry->path()));
    BundleVersion version{
        .name = name, .bundle_id = manifest.bundle_id, .is_current = name == current};
    for (const ManifestEntry& file : manifest.files) version.bytes += file.bytes;
    versions.push_back(std::move(version));
  }
  if (error) return absl::ErrnoToStatus(error.value(), models_dir.string());
  std::sort(versions.begin(), versions.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return versions;
}

absl::StatusOr<std::string> VersionBeforeCurrent(const std::filesystem::path& models_dir,
                                                 const std::set<std::string>& refused) {
  ASSIGN_OR_RETURN(const std::vector<BundleVersion> versions, ListVersions(models_dir));
  const auto current = std::ranges::find_if(versions, &BundleVersion::is_current);
  if (current != versions.end())
    for (auto version = current; version != versions.begin();)
      if (!refused.contains((--version)->name)) return version->name;
  return absl::FailedPreconditionError(
      absl::StrCat(models_dir.string(), ": has no version before the current one"));
}

absl::Status ActivateVersion(const std::filesystem::path& models_dir, const std::string& version) {
  if (std::filesystem::path(version).filename() != version)
    return absl::InvalidArgumentError(
        absl::StrCat("\"", version, "\" is not the name of a version"));
  RETURN_IF_ERROR(LoadBundle(models_dir / version).status());
  return WriteFileAtomically(models_dir / kCurrentFile, version + "\n");
}

absl::StatusOr<std::vector<std::string>> PruneVersions(const std::filesystem::path& models_dir,
                                                       size_t keep) {
  ASSIGN_OR_RETURN(const std::vector<BundleVersion> versions, ListVersions(models_dir));
  VersionState state{.keep = keep};
  for (const BundleVersion& version : versions) {
    state.on_disk.push_back(version.name);
    if (version.is_current) state.current = version.name;
  }
  std::vector<std::string> removed;
  for (const std::string& version : PlanVersions(state).remove) {
    const std::filesystem::path folder = models_dir / version;
    const std::shared_ptr<const void> lock = LockUnusedVersion(folder);
    if (lock == nullptr) continue;  // In use.
    std::error_code error;
    // First, so that what is left where this fails is no version.
    std::filesystem::remove(folder / kManifestFile, error);
    if (!error) std::filesystem::remove_all(folder, error);
    if (error) return absl::ErrnoToStatus(error.value(), folder.string());
    removed.push_back(version);
  }
  return removed;
}

}  // namespace shortlist
