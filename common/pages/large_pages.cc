#include "common/pages/large_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace shortlist {
namespace {

constexpr long kSmallPage = 4096;

// A request reads thousands of rows from anywhere in a bundle, and half as long again where the
// pages are small. But of a mapped file, whatever is not in memory is then read from the disk in
// such pages: of files that memory does not hold, a row would cost megabytes. And where small pages
// are larger than 4 KiB, large ones are too large.
bool IsWorthLargePages(size_t size) {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  return size > 0 && pages > 0 && ::sysconf(_SC_PAGESIZE) == kSmallPage &&
         size / kSmallPage < static_cast<size_t>(pages) / 2;
}

size_t Alignment(size_t size, size_t alignment) {
  return size > kLargePage ? kLargePage : alignment;
}

}  // namespace

void AdviseLargePages(const void* data, size_t size) {
  if (IsWorthLargePages(size)) ::madvise(const_cast<void*>(data), size, MADV_HUGEPAGE);
}

void* AllocateInLargePages(size_t size, size_t alignment) {
  alignment = Alignment(size, alignment);
  void* const data = ::operator new (size, std::align_val_t{alignment});
  if (alignment == kLargePage) AdviseLargePages(data, size);
  return data;
}

void FreeInLargePages(void* data, size_t size, size_t alignment) {
  ::operator delete (data, std::align_val_t{Alignment(size, alignment)});
}

}  // namespace shortlist
