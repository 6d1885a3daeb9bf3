// Publishes a bundle: its files are written into a staging folder inside the models folder, then
// the manifest, then everything is fsynced, the folder renamed to its version, loaded once to see
// that it can be served, and CURRENT replaced. Until the rename nothing of it is visible; a crash
// leaves the old version served.
//
//   ASSIGN_OR_RETURN(BundlePublisher publisher, BundlePublisher::Begin("models"));
//   ... write files into publisher.staging() ...
//   ASSIGN_OR_RETURN(PublishedBundle published, publisher.Publish(absl::Now()));
//
// The staging folder is removed when the publisher goes without having published; those of
// processes that were killed, when the next one begins.
#pragma once

#include <filesystem>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace shortlist {

struct PublishedBundle {
  std::string id;
  std::filesystem::path folder;
};

class BundlePublisher {
 public:
  // Makes the models folder, if need be, and a staging folder in it.
  static absl::StatusOr<BundlePublisher> Begin(const std::filesystem::path& models_dir);
  ~BundlePublisher();
  BundlePublisher(BundlePublisher&& other) noexcept;
  BundlePublisher& operator=(BundlePublisher&&) = delete;

  const std::filesystem::path& staging() const { return staging_; }

  // The version is named by `now` (UTC) and the beginning of the bundle's id. What else must be
  // there when the version is served, `before_current` does when all but CURRENT is; with its error
  // CURRENT stays as it is.
  absl::StatusOr<PublishedBundle> Publish(
      absl::Time now, absl::FunctionRef<absl::Status()> before_current = &absl::OkStatus);

 private:
  BundlePublisher(std::filesystem::path models_dir, std::filesystem::path staging, int lock);

  std::filesystem::path models_dir_;
  std::filesystem::path staging_;  // Empty once published.
  int lock_;  // An open file: the staging folder, which is locked as long as it is.
};

}  // namespace shortlist
