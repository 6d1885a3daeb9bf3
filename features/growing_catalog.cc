#include "features/growing_catalog.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/status_macros.h"

namespace shortlist {
namespace {

// Of address space, which costs nothing: far more than items usually have.
constexpr size_t kTextBytesPerItem = 512;
constexpr size_t kCodesPerItem = 256;

}  // namespace

absl::StatusOr<GrowingCatalog> GrowingCatalog::Make(const Catalog& base) {
  constexpr size_t room = kRoomForItems;
  GrowingCatalog result;
  result.base_ = base;
  const GrowingStrings::Room text{.strings = room, .bytes = room * kTextBytesPerItem};
  ASSIGN_OR_RETURN(result.ids_, GrowingStrings::Make(base.ids_, text, /*find=*/true));
  ASSIGN_OR_RETURN(result.titles_, GrowingStrings::Make(base.titles_, text, /*find=*/false,
                                                        /*empty=*/base.item_count()));
  ASSIGN_OR_RETURN(result.code_offsets_, GrowingArray<uint64_t>::Make(base.code_offsets_, room));
  ASSIGN_OR_RETURN(result.codes_, GrowingArray<uint32_t>::Make(base.codes_, room * kCodesPerItem));
  for (const std::span<const double> numbers : base.numbers_) {
    result.numbers_.emplace_back();
    if (numbers.empty()) continue;
    ASSIGN_OR_RETURN(result.numbers_.back(), GrowingArray<double>::Make(numbers, room));
  }
  ASSIGN_OR_RETURN(result.interaction_counts_,
                   GrowingArray<uint32_t>::Make(base.interaction_counts_, room));
  ASSIGN_OR_RETURN(result.liked_counts_, GrowingArray<uint32_t>::Make(base.liked_counts_, room));
  ASSIGN_OR_RETURN(result.learned_rows_, GrowingArray<ItemRow>::Make({}, room));
  ASSIGN_OR_RETURN(result.alike_rows_, GrowingArray<ItemRow>::Make({}, room * Catalog::kMostAlike));
  ASSIGN_OR_RETURN(result.vector_origins_, GrowingArray<VectorOrigin>::Make({}, room));
  ASSIGN_OR_RETURN(result.uncoded_begins_, GrowingArray<uint32_t>::Make({}, room + 1));
  RETURN_IF_ERROR(result.uncoded_begins_.Append(0));
  ASSIGN_OR_RETURN(result.uncoded_fields_, GrowingArray<uint32_t>::Make({}, room * kCodesPerItem));
  ASSIGN_OR_RETURN(result.uncoded_values_,
                   GrowingStrings::Make({}, {.strings = room * kCodesPerItem, .bytes = text.bytes},
                                        /*find=*/false));
  return result;
}

absl::Status GrowingCatalog::Append(std::string_view id, const EncodedItem& item,
                                    const Known& known) {
  RETURN_IF_ERROR(ids_.Append(id));
  RETURN_IF_ERROR(titles_.Append(item.title));
  RETURN_IF_ERROR(codes_.Append(item.codes));
  RETURN_IF_ERROR(code_offsets_.Append(codes_.size()));
  for (size_t f = 0; f < numbers_.size(); ++f)
    if (numbers_[f].size() > 0) RETURN_IF_ERROR(numbers_[f].Append(item.numbers[f]));
  const bool learned = known.learned_row != kNoItem;
  RETURN_IF_ERROR(
      interaction_counts_.Append(learned ? base_.interaction_counts()[known.learned_row] : 0));
  RETURN_IF_ERROR(liked_counts_.Append(learned ? base_.liked_counts()[known.learned_row] : 0));
  RETURN_IF_ERROR(learned_rows_.Append(known.learned_row));
  std::array<ItemRow, Catalog::kMostAlike> alike;
  std::fill(std::ranges::copy(known.alike, alike.begin()).out, alike.end(), kNoItem);
  RETURN_IF_ERROR(alike_rows_.Append(alike));
  RETURN_IF_ERROR(vector_origins_.Append(known.vector_origin));
  for (const auto& [field, value] : item.uncoded) {
    RETURN_IF_ERROR(uncoded_fields_.Append(field));
    RETURN_IF_ERROR(uncoded_values_.Append(value));
  }
  return uncoded_begins_.Append(static_cast<uint32_t>(uncoded_fields_.size()));
}

Catalog GrowingCatalog::catalog(std::shared_ptr<const Bits> hidden,
                                std::shared_ptr<const Bits> deleted) const {
  Catalog catalog = base_;
  catalog.ids_ = ids_.table();
  catalog.titles_ = titles_.table();
  catalog.code_offsets_ = code_offsets_.all();
  catalog.codes_ = codes_.all();
  for (size_t f = 0; f < numbers_.size(); ++f)
    if (numbers_[f].size() > 0) catalog.numbers_[f] = numbers_[f].all();
  catalog.interaction_counts_ = interaction_counts_.all();
  catalog.liked_counts_ = liked_counts_.all();
  catalog.learned_rows_ = learned_rows_.all();
  catalog.alike_rows_ = alike_rows_.all();
  catalog.vector_origins_ = vector_origins_.all();
  catalog.uncoded_begins_ = uncoded_begins_.all();
  catalog.uncoded_fields_ = uncoded_fields_.all();
  catalog.uncoded_values_ = uncoded_values_.table();
  catalog.hidden_ = std::move(hidden);
  catalog.deleted_ = std::move(deleted);
  return catalog;
}

}  // namespace shortlist
