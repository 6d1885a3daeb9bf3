#include "common/growing/growing_strings.h"

#include <algorithm>
#include <utility>

#include "common/status_macros.h"

namespace shortlist {
namespace {

constexpr size_t kFirstSlots = 1'000;

}  // namespace

absl::StatusOr<GrowingStrings> GrowingStrings::Make(const StringTable& base, Room room, bool find,
                                                    size_t empty) {
  GrowingStrings strings;
  strings.base_ = base;
  ASSIGN_OR_RETURN(strings.bytes_, GrowingArray<char>::Make(base.bytes_, room.bytes));
  ASSIGN_OR_RETURN(strings.offsets_,
                   GrowingArray<uint64_t>::Make(base.offsets_, room.strings + empty + 1));
  if (base.size() == 0)
    RETURN_IF_ERROR(strings.offsets_.Extend(empty + 1 - base.offsets_.size()).status());
  if (find) strings.slots_ = std::make_shared<AddedSlots>(kFirstSlots);
  return strings;
}

absl::Status GrowingStrings::Append(std::string_view string) {
  const auto position = static_cast<uint32_t>(size());
  RETURN_IF_ERROR(bytes_.Append({string.data(), string.size()}));
  RETURN_IF_ERROR(offsets_.Append(bytes_.size()));
  if (slots_ == nullptr) return absl::OkStatus();
  if (slots_->IsFull()) {
    const StringTable table = this->table();
    auto larger = std::make_shared<AddedSlots>(2 * (position - base_.size()) + 1);
    slots_->ForEach([&](uint32_t p) { larger->Add(StringTable::Hash(table[p]), p); });
    slots_ = std::move(larger);
  }
  slots_->Add(StringTable::Hash(string), position);
  return absl::OkStatus();
}

StringTable GrowingStrings::table() const {
  StringTable table = base_;
  table.bytes_ = bytes_.all();
  table.offsets_ = offsets_.all();
  table.added_ = slots_;
  return table;
}

}  // namespace shortlist
