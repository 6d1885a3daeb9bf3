// A bundle whose catalog changes: from one bundle as it was trained, bundles as they are after
// changes. Such a bundle shares all with the first but the rows that came; making it takes a time
// that depends on the changes, and not on the catalog.
//
// One caller at a time; the bundles are as thread-safe as any, and outlive this.
//
//   ASSIGN_OR_RETURN(auto live, LiveBundle::Make(bundle));
//   ASSIGN_OR_RETURN(std::shared_ptr<const Bundle> now, live->Apply(items, now_ms));
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/bits.h"
#include "model/bundle.h"
#include "model/catalog_changes.h"
#include "model/content_model.h"

namespace shortlist {

class LiveBundle {
 public:
  static absl::StatusOr<std::unique_ptr<LiveBundle>> Make(std::shared_ptr<const Bundle> trained);
  ~LiveBundle();

  // The bundle as it was trained, and after the last Apply.
  const std::shared_ptr<const Bundle>& trained() const { return trained_; }
  const std::shared_ptr<const Bundle>& bundle() const { return bundle_; }

  struct Item {
    std::string_view id;
    const ItemState* state;
  };
  // Brings these items, no id twice, to their states. An attribute that the bundle's schema does
  // not have is left out. Without a vector that is as long as the bundle's a trained item keeps the
  // one that it was trained with. The same bundle as before where nothing is different.
  // RESOURCE_EXHAUSTED: there is no room; after an error make another.
  absl::StatusOr<std::shared_ptr<const Bundle>> Apply(std::span<const Item> items, int64_t now_ms);

  // Whether most of the rows that came are hidden by later ones, so that a new one, made from all
  // changes, takes less memory.
  bool IsMostlyHidden() const;

 private:
  struct Arrays;

  explicit LiveBundle(std::shared_ptr<const Bundle> trained);
  // Whether anything is different.
  absl::StatusOr<bool> ApplyOne(const Item& item, int64_t now_ms);
  absl::Status AppendRow(std::string_view id, const EncodedItem& item, ItemRow learned_row);
  absl::StatusOr<std::shared_ptr<const Bundle>> MakeBundle() const;

  std::shared_ptr<const Bundle> trained_;
  std::unique_ptr<const ContentModel> content_;
  std::shared_ptr<Arrays> arrays_;  // Which bundles refer to.
  ItemRow row_count_ = 0;
  size_t replaced_rows_ = 0;  // Of those that came.
  Bits hidden_, deleted_;
  std::shared_ptr<const Bundle> bundle_;
};

}  // namespace shortlist
