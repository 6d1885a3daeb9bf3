// A catalog that grows: rows are added behind those of a bundle, and catalogs of all that is there
// by then are given out. An item that changes gets a row anew, which its id means from then on; the
// row before it is hidden, as are those of items that are withdrawn.
//
// One writer; catalogs that were given out stay as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/bits.h"
#include "common/growing/growing_array.h"
#include "common/growing/growing_strings.h"
#include "features/catalog.h"
#include "features/item_encoder.h"

namespace shortlist {

// Rows by which a catalog may grow: what address space is reserved for.
inline constexpr size_t kRoomForItems = 8'000'000;

class GrowingCatalog {
 public:
  // `base`, whose file must outlive every catalog, is of a bundle as it was trained.
  static absl::StatusOr<GrowingCatalog> Make(const Catalog& base);

  // What else is known of a new row.
  struct Known {
    ItemRow learned_row = kNoItem;
    VectorOrigin vector_origin = VectorOrigin::kTrained;
    std::span<const ItemRow> alike = {};  // Catalog::AlikeRows: no more than kMostAlike.
  };
  // RESOURCE_EXHAUSTED: there is no room. After an error nothing more may be added.
  absl::Status Append(std::string_view id, const EncodedItem& item, const Known& known);

  // `hidden` and `deleted` have a bit for every row, or are null where no bit is set.
  Catalog catalog(std::shared_ptr<const Bits> hidden, std::shared_ptr<const Bits> deleted) const;

 private:
  Catalog base_;
  GrowingStrings ids_, titles_;
  GrowingArray<uint64_t> code_offsets_;
  GrowingArray<uint32_t> codes_;
  std::vector<GrowingArray<double>> numbers_;  // By field; those of tokens stay empty.
  GrowingArray<uint32_t> interaction_counts_, liked_counts_;
  GrowingArray<ItemRow> learned_rows_, alike_rows_;
  GrowingArray<VectorOrigin> vector_origins_;
  GrowingArray<uint32_t> uncoded_begins_, uncoded_fields_;
  GrowingStrings uncoded_values_;
};

}  // namespace shortlist
