// Memory in large pages, for what a request reads from anywhere: with small ones the processor has
// to look up a page's place for nearly every row, which takes longer than the row itself.
//
//   std::vector<Row, LargePageAllocator<Row>> rows;
#pragma once

#include <cstddef>
#include <new>

namespace shortlist {

inline constexpr size_t kLargePage = 2 << 20;  // Bytes.

// Asks for large pages for the memory at `data`, if it is worth it: memory that small pages would
// fill is never worth more than half of the machine's. A wish; the kernel may not fulfil it.
void AdviseLargePages(const void* data, size_t size);

// At multiples of a large page where there is more than one, otherwise as operator new has it.
void* AllocateInLargePages(size_t size, size_t alignment);
void FreeInLargePages(void* data, size_t size, size_t alignment);

// An allocator for std::vector. What grows by and by is copied each time: reserve.
template <class T>
class LargePageAllocator {
 public:
  using value_type = T;

  LargePageAllocator() = default;
  template <class U>
  LargePageAllocator(const LargePageAllocator<U>& /*other*/) {}  // NOLINT(*-explicit-*)

  T* allocate(size_t count) {
    return static_cast<T*>(AllocateInLargePages(count * sizeof(T), alignof(T)));
  }
  void deallocate(T* data, size_t count) { FreeInLargePages(data, count * sizeof(T), alignof(T)); }
  friend bool operator==(const LargePageAllocator& /*a*/, const LargePageAllocator& /*b*/) {
    return true;
  }
};

}  // namespace shortlist
