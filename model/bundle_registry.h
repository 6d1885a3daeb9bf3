// The bundles that this process can serve from: the current one, and the one before it for
// requests that another process began with that one. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include "common/snapshot.h"
#include "model/bundle.h"

namespace shortlist {

class BundleRegistry {
 public:
  explicit BundleRegistry(std::shared_ptr<const Bundle> current);

  // What a new request is served from. Never null.
  std::shared_ptr<const Bundle> Current() const;
  // The current one before that one; null when there was none.
  std::shared_ptr<const Bundle> Previous() const;
  // The bundle with that id; null when it is not loaded here.
  std::shared_ptr<const Bundle> Find(std::string_view bundle_id) const;
  // Makes this the current bundle and the current one the previous.
  void Replace(std::shared_ptr<const Bundle> next);
  // Puts the bundle in the place of the one with its id, which it is after changes of its catalog
  // (model/live_catalog.h). Nothing happens where there is none.
  void Update(const std::shared_ptr<const Bundle>& changed);

 private:
  std::mutex changing_;
  struct Bundles {
    std::shared_ptr<const Bundle> current, previous;
  };
  Snapshot<Bundles> bundles_;
};

}  // namespace shortlist
