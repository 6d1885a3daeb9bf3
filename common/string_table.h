// An immutable list of strings with look-up by content, in the form of an ArrayFile: all bytes in
// one array, offsets in a second, an open-addressing hash table of positions in a third. Opening
// one costs a check of the offsets and no memory. A view: lives as long as the ArrayFile. One that
// has grown (common/growing/growing_strings.h) has more strings than the file.
//
//   AddStringTable(writer, "item_ids", ids);
//   ASSIGN_OR_RETURN(StringTable ids, StringTable::Open(file, "item_ids"));
//   std::optional<uint32_t> row = ids.Find("tt0133093");
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "common/growing/added_slots.h"

namespace shortlist {

// Adds NAME.bytes, NAME.offsets and NAME.slots. Of equal strings, Find returns the first.
void AddStringTable(ArrayFileWriter& writer, const std::string& name,
                    std::span<const std::string> strings);

class StringTable {
 public:
  static absl::StatusOr<StringTable> Open(const ArrayFile& file, const std::string& name);

  StringTable() = default;
  // What the slots are filled by.
  static size_t Hash(std::string_view content);

  uint32_t size() const {
    return static_cast<uint32_t>(offsets_.empty() ? 0 : offsets_.size() - 1);
  }
  std::string_view operator[](uint32_t position) const {
    return {bytes_.data() + offsets_[position],
            static_cast<size_t>(offsets_[position + 1] - offsets_[position])};
  }
  // Starts to load the strings at these positions, where the table is not empty.
  void Prefetch(std::span<const uint32_t> positions) const;
  // Of equal strings, of those that were added the last.
  std::optional<uint32_t> Find(std::string_view content) const;
  // The positions of many, kNotFound where there is none: as many Finds, but they wait for memory
  // together.
  static constexpr uint32_t kNotFound = std::numeric_limits<uint32_t>::max();
  std::vector<uint32_t> FindAll(std::span<const std::string_view> contents) const;

 private:
  friend class GrowingStrings;

  void FindAllInFile(std::span<const size_t> hashes, std::span<const std::string_view> contents,
                     std::span<uint32_t> positions) const;
  // Among those of the file.
  uint32_t FindFrom(size_t slot, std::string_view content) const;
  // Among those that were added, of which there are some.
  uint32_t FindAdded(size_t hash, std::string_view content) const;

  std::span<const char> bytes_;
  std::span<const uint64_t> offsets_;
  std::span<const uint32_t> slots_;
  std::shared_ptr<const AddedSlots> added_;  // Null where none are found.
};

}  // namespace shortlist
