// An array that begins as another and grows at its end without moving:
// common/growing/growing_memory.h for numbers and rows of them.
//
//   ASSIGN_OR_RETURN(auto scores, GrowingArray<float>::Make(file_scores, 1'000'000));
//   RETURN_IF_ERROR(scores.Append(row));
//   std::span<const float> now = scores.all();   // Stays as it is, and valid, when more is added.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/growing/growing_memory.h"
#include "common/status_macros.h"

namespace shortlist {

template <class T>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  GrowingArray() = default;
  // `room`: how many elements may be added.
  static absl::StatusOr<GrowingArray> Make(std::span<const T> base, size_t room) {
    GrowingArray array;
    ASSIGN_OR_RETURN(array.memory_, GrowingMemory::Make({reinterpret_cast<const char*>(base.data()),
                                                         base.size_bytes()},
                                                        room * sizeof(T)));
    return array;
  }

  size_t size() const { return memory_.size() / sizeof(T); }
  std::span<const T> all() const { return {reinterpret_cast<const T*>(memory_.data()), size()}; }

  // RESOURCE_EXHAUSTED: there is no room for them; nothing is added.
  absl::Status Append(std::span<const T> values) {
    ASSIGN_OR_RETURN(const std::span<T> added, Extend(values.size()));
    std::copy(values.begin(), values.end(), added.begin());
    return absl::OkStatus();
  }
  absl::Status Append(const T& value) { return Append({&value, 1}); }
  // Adds elements of zeros.
  absl::StatusOr<std::span<T>> Extend(size_t count) {
    ASSIGN_OR_RETURN(char* const added, memory_.Extend(count * sizeof(T)));
    return std::span<T>(reinterpret_cast<T*>(added), count);
  }

 private:
  GrowingMemory memory_;
};

}  // namespace shortlist
