// The changes of items, applied to every bundle that this process serves from, and to those that
// come later. Thread-safe; requests are served on while changes are applied.
//
//   LiveCatalog catalog(bundles);
//   RETURN_IF_ERROR(catalog.Apply(changes, now_ms));   // Seen by every request from here on.
//   if (catalog.NextDue() <= now_ms) catalog.Refresh(now_ms);
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "model/bundle_registry.h"
#include "model/catalog_changes.h"
#include "model/live_bundle.h"

namespace shortlist {

class LiveCatalog {
 public:
  // `bundles` must outlive this, and be replaced through it alone.
  explicit LiveCatalog(BundleRegistry& bundles) : bundles_(bundles) {}

  // In their order. All of them are in the bundles that the registry has when it returns, together.
  // RESOURCE_EXHAUSTED: there is no room; the changes are remembered for the next bundle.
  absl::Status Apply(std::span<const ItemChange> changes, int64_t now_ms);

  // When the next item that is hidden may be shown again; the largest number: none is.
  int64_t NextDue() const;
  // Shows again what may be.
  absl::Status Refresh(int64_t now_ms);

  // Makes the bundle, as it was trained, the current one, with all changes, and the current one the
  // previous.
  absl::Status Replace(std::shared_ptr<const Bundle> trained, int64_t now_ms);

  // How many items changes told of.
  size_t size() const;

 private:
  // A bundle that is served, and what makes others of it: null until there is a change.
  struct Served {
    std::shared_ptr<const Bundle> trained;
    std::unique_ptr<LiveBundle> live;
  };
  // Brings what is served up to date with the changes of these items.
  absl::Status Update(const std::set<std::string_view>& ids, int64_t now_ms);
  // The bundle after that.
  absl::StatusOr<std::shared_ptr<const Bundle>> Update(Served& served,
                                                       const std::set<std::string_view>& ids,
                                                       int64_t now_ms) const;

  BundleRegistry& bundles_;
  mutable std::mutex mutex_;
  CatalogChanges changes_;
  // Times, not past, and the items that are hidden until then.
  std::set<std::pair<int64_t, std::string>> due_;
  Served current_, previous_;
};

}  // namespace shortlist
