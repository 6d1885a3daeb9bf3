// A string table that grows: common/growing/growing_memory.h for StringTable. The tables that it
// gives stay as they are when more strings are added.
//
//   ASSIGN_OR_RETURN(auto ids, GrowingStrings::Make(table, room));
//   RETURN_IF_ERROR(ids.Append("new-item"));
//   const StringTable now = ids.table();
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/growing/added_slots.h"
#include "common/growing/growing_array.h"
#include "common/string_table.h"

namespace shortlist {

class GrowingStrings {
 public:
  struct Room {
    size_t strings = 0;
    size_t bytes = 0;
  };
  // `base`, whose file must outlive every table, is what it begins with: of an empty one, with
  // `empty` empty strings. With `find` what was added is found by content, and of equal strings
  // the last.
  static absl::StatusOr<GrowingStrings> Make(const StringTable& base, Room room, bool find,
                                             size_t empty = 0);

  size_t size() const { return offsets_.size() - 1; }
  // RESOURCE_EXHAUSTED: there is no room for it. What was added before stays right.
  absl::Status Append(std::string_view string);
  StringTable table() const;

 private:
  StringTable base_;
  GrowingArray<char> bytes_;
  GrowingArray<uint64_t> offsets_;
  std::shared_ptr<AddedSlots> slots_;  // Null: nothing is found by content.
};

}  // namespace shortlist
