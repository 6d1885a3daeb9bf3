// The most popular items among users who share an attribute value, for every value that training
// knew (learning/items/segment_popularity_builder.h).
//
// Immutable, memory-mapped, thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "features/catalog.h"
#include "features/encoded_request.h"

namespace shortlist {

// By code of the user schema: `width` items, most popular first, padded with kNoItem.
struct SegmentPopularityData {
  uint32_t width = 0;
  std::vector<ItemRow> items;
};

absl::Status WriteSegmentPopularity(const SegmentPopularityData& data,
                                    const std::filesystem::path& path);

class SegmentPopularity {
 public:
  // Knows of nobody.
  SegmentPopularity() = default;
  static absl::StatusOr<SegmentPopularity> Open(const std::filesystem::path& path,
                                                uint32_t code_count, uint32_t item_count);

  bool empty() const { return items_.empty(); }
  // Most popular first.
  std::span<const ItemRow> items(uint32_t code) const;
  // Those of the segments that a user is in by an attribute of `users`, their schema: one for each
  // value that the user has. Empty where it is no attribute.
  std::vector<std::span<const ItemRow>> ListsOf(const EncodedUser& user,
                                                const AttributeSchema& users,
                                                std::string_view attribute) const;

 private:
  ArrayFile file_;
  uint32_t width_ = 0;
  std::span<const ItemRow> items_;
};

}  // namespace shortlist
