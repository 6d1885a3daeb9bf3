// Answers that training made in advance for users of whom only a segment is known, an attribute
// value that they share, and for those of whom nothing is: what is left to offer where there is no
// time for anything else (training/precomputed_answers.h).
//
// Immutable, memory-mapped, thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "features/catalog.h"

namespace shortlist {

struct PrecomputedListsData {
  uint32_t width = 0;
  // Of the user schema, ascending: the values that have a list of their own.
  std::vector<uint32_t> codes;
  // `width` items a list, best first, padded with kNoItem: that of everybody, then one for each
  // code.
  std::vector<ItemRow> items;
};

absl::Status WritePrecomputedLists(const PrecomputedListsData& data,
                                   const std::filesystem::path& path);

class PrecomputedLists {
 public:
  // Has no list.
  PrecomputedLists() = default;
  // DATA_LOSS names the file and what in it is wrong.
  static absl::StatusOr<PrecomputedLists> Open(const std::filesystem::path& path,
                                               uint32_t code_count, uint32_t item_count);

  // Best first. Of a value without a list of its own: empty.
  std::span<const ItemRow> OfSegment(uint32_t code) const;
  std::span<const ItemRow> OfEverybody() const;

 private:
  std::span<const ItemRow> List(size_t index) const;

  ArrayFile file_;
  uint32_t width_ = 0;
  std::span<const uint32_t> codes_;
  std::span<const ItemRow> items_;
};

}  // namespace shortlist
