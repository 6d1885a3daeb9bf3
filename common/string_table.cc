#include "common/string_table.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

constexpr uint32_t kEmptySlot = StringTable::kNotFound;

}  // namespace

void AddStringTable(ArrayFileWriter& writer, const std::string& name,
                    std::span<const std::string> strings) {
  std::vector<char> bytes;
  std::vector<uint64_t> offsets = {0};
  std::vector<uint32_t> slots(std::bit_ceil(strings.size() * 2 + 1), kEmptySlot);
  for (uint32_t i = 0; i < strings.size(); ++i) {
    bytes.insert(bytes.end(), strings[i].begin(), strings[i].end());
    offsets.push_back(bytes.size());
    size_t slot = StringTable::Hash(strings[i]) & (slots.size() - 1);
    while (slots[slot] != kEmptySlot) slot = (slot + 1) & (slots.size() - 1);
    slots[slot] = i;
  }
  writer.AddOwned(name + ".bytes", std::move(bytes));
  writer.AddOwned(name + ".offsets", std::move(offsets));
  writer.AddOwned(name + ".slots", std::move(slots));
}

absl::StatusOr<StringTable> StringTable::Open(const ArrayFile& file, const std::string& name) {
  StringTable table;
  ASSIGN_OR_RETURN(table.bytes_, file.Get<char>(name + ".bytes"));
  ASSIGN_OR_RETURN(table.offsets_, file.Get<uint64_t>(name + ".offsets"));
  ASSIGN_OR_RETURN(table.slots_, file.Get<uint32_t>(name + ".slots"));
  auto invalid = [&](const char* what) {
    return absl::DataLossError(absl::StrCat(file.path(), ": string table ", name, ": ", what));
  };
  if (table.offsets_.empty()) return invalid("has no offsets");
  if (table.offsets_.front() != 0) return invalid("the first offset is not 0");
  if (!std::is_sorted(table.offsets_.begin(), table.offsets_.end()))
    return invalid("the offsets do not ascend");
  if (table.offsets_.back() != table.bytes_.size())
    return invalid("the last offset is not the number of bytes");
  const uint32_t size = table.size();
  if (!std::has_single_bit(table.slots_.size()))
    return invalid("the number of slots is not a power of two");
  if (table.slots_.size() <= size) return invalid("has no more slots than strings");
  if (std::any_of(table.slots_.begin(), table.slots_.end(),
                  [&](uint32_t slot) { return slot >= size && slot != kEmptySlot; }))
    return invalid("a slot names a string that is not there");
  if (std::find(table.slots_.begin(), table.slots_.end(), kEmptySlot) == table.slots_.end())
    return invalid("no slot is empty");
  return table;
}

void StringTable::Prefetch(std::span<const uint32_t> positions) const {
  if (size() == 0) return;
  for (uint32_t position : positions) __builtin_prefetch(&offsets_[position]);
  for (uint32_t position : positions) __builtin_prefetch(bytes_.data() + offsets_[position]);
}

size_t StringTable::Hash(std::string_view content) {
  return XXH3_64bits(content.data(), content.size());
}

std::optional<uint32_t> StringTable::Find(std::string_view content) const {
  const size_t hash = Hash(content);
  uint32_t position = added_ ? FindAdded(hash, content) : kNotFound;
  if (position == kNotFound && !slots_.empty())
    position = FindFrom(hash & (slots_.size() - 1), content);
  return position == kNotFound ? std::nullopt : std::optional(position);
}

std::vector<uint32_t> StringTable::FindAll(std::span<const std::string_view> contents) const {
  std::vector<uint32_t> positions(contents.size(), kNotFound);
  if (size() == 0) return positions;
  std::vector<size_t> hashes;
  hashes.reserve(contents.size());
  for (std::string_view content : contents) hashes.push_back(Hash(content));
  if (!slots_.empty()) FindAllInFile(hashes, contents, positions);
  if (added_ == nullptr) return positions;
  for (size_t i = 0; i < contents.size(); ++i)
    if (const uint32_t added = FindAdded(hashes[i], contents[i]); added != kNotFound)
      positions[i] = added;
  return positions;
}

void StringTable::FindAllInFile(std::span<const size_t> hashes,
                                std::span<const std::string_view> contents,
                                std::span<uint32_t> positions) const {
  const size_t mask = slots_.size() - 1;
  for (size_t hash : hashes) __builtin_prefetch(&slots_[hash & mask]);
  // What the first slot names is right more often than not.
  auto first = [&](size_t i) { return std::min(slots_[hashes[i] & mask], size() - 1); };
  for (size_t i = 0; i < contents.size(); ++i) __builtin_prefetch(&offsets_[first(i)]);
  for (size_t i = 0; i < contents.size(); ++i)
    __builtin_prefetch(bytes_.data() + offsets_[first(i)]);
  for (size_t i = 0; i < contents.size(); ++i)
    positions[i] = FindFrom(hashes[i] & mask, contents[i]);
}

uint32_t StringTable::FindFrom(size_t slot, std::string_view content) const {
  for (; slots_[slot] != kEmptySlot; slot = (slot + 1) & (slots_.size() - 1))
    if ((*this)[slots_[slot]] == content) return slots_[slot];
  return kNotFound;
}

uint32_t StringTable::FindAdded(size_t hash, std::string_view content) const {
  uint32_t last = kNotFound;
  added_->ForEach(hash, [&](uint32_t position) {
    // The slots may know of strings that were added after this table was made.
    if (position >= size() || (*this)[position] != content) return;
    if (last == kNotFound || position > last) last = position;
  });
  return last;
}

}  // namespace shortlist
