// Memory that begins with given bytes and grows behind them without ever moving, so that whoever
// has a pointer into it need not know that it grows. Address space is reserved for as much as it
// may become; memory is taken for what is there only. What it begins with is not copied where it is
// mapped from a file: its pages are mapped a second time.
//
// One writer; others may read what was there when they were told of it, while it grows.
//
//   ASSIGN_OR_RETURN(GrowingMemory memory, GrowingMemory::Make(file->content(), 1 << 30));
//   ASSIGN_OR_RETURN(char* added, memory.Extend(256));
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace shortlist {

class GrowingMemory {
 public:
  GrowingMemory() = default;
  // `room`: how many bytes may be added. `base` need not live on.
  static absl::StatusOr<GrowingMemory> Make(std::string_view base, size_t room);
  ~GrowingMemory();
  GrowingMemory(GrowingMemory&& other) noexcept { *this = std::move(other); }
  GrowingMemory& operator=(GrowingMemory&& other) noexcept;

  const char* data() const { return data_; }
  size_t size() const { return size_; }
  // Adds so many zeros and returns where they begin. RESOURCE_EXHAUSTED: there is no room for them.
  absl::StatusOr<char*> Extend(size_t bytes);

 private:
  char* mapping_ = nullptr;  // All that is reserved.
  size_t mapping_size_ = 0;
  char* data_ = nullptr;
  size_t size_ = 0;
  char* writable_end_ = nullptr;
};

}  // namespace shortlist
