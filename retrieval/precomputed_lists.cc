#include "retrieval/precomputed_lists.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {

absl::Status WritePrecomputedLists(const PrecomputedListsData& data,
                                   const std::filesystem::path& path) {
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>("width", {data.width});
  writer.AddOwned<uint32_t>("count", {static_cast<uint32_t>(data.codes.size())});
  writer.Add<uint32_t>("codes", data.codes);
  writer.Add<uint32_t>("items", data.items);
  return writer.Write(path);
}

absl::StatusOr<PrecomputedLists> PrecomputedLists::Open(const std::filesystem::path& path,
                                                        uint32_t code_count, uint32_t item_count) {
  PrecomputedLists result;
  ASSIGN_OR_RETURN(result.file_, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(const std::span<const uint32_t> width, result.file_.Get<uint32_t>("width", 1));
  result.width_ = width[0];
  ASSIGN_OR_RETURN(const std::span<const uint32_t> count, result.file_.Get<uint32_t>("count", 1));
  ASSIGN_OR_RETURN(result.codes_, result.file_.Get<uint32_t>("codes", count[0]));
  ASSIGN_OR_RETURN(result.items_,
                   result.file_.Get<uint32_t>("items", (size_t{count[0]} + 1) * result.width_));
  const auto wrong = [&](const auto&... what) {
    return absl::DataLossError(absl::StrCat(result.file_.path(), ": ", what...));
  };
  for (size_t i = 0; i < result.codes_.size(); ++i)
    if (result.codes_[i] >= code_count || (i > 0 && result.codes_[i] <= result.codes_[i - 1]))
      return wrong("code ", i, " is invalid");
  for (size_t i = 0; i < result.items_.size(); ++i)
    if (result.items_[i] != kNoItem && result.items_[i] >= item_count)
      return wrong("item ", i % result.width_, " of list ", i / result.width_, " is invalid");
  return result;
}

std::span<const ItemRow> PrecomputedLists::List(size_t index) const {
  const std::span<const ItemRow> row = items_.subspan(index * width_, width_);
  return row.first(static_cast<size_t>(std::find(row.begin(), row.end(), kNoItem) - row.begin()));
}

std::span<const ItemRow> PrecomputedLists::OfSegment(uint32_t code) const {
  const auto found = std::lower_bound(codes_.begin(), codes_.end(), code);
  if (found == codes_.end() || *found != code) return {};
  return List(1 + static_cast<size_t>(found - codes_.begin()));
}

std::span<const ItemRow> PrecomputedLists::OfEverybody() const {
  return items_.empty() ? std::span<const ItemRow>() : List(0);
}

}  // namespace shortlist
