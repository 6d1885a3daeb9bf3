#include "common/growing/growing_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/pages/large_pages.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// So much becomes writable at a time.
constexpr size_t kStep = 256 << 10;
// Less is copied.
constexpr size_t kLeastMapped = 1 << 20;

size_t PageSize() { return static_cast<size_t>(::sysconf(_SC_PAGESIZE)); }

template <class Address>
Address RoundUp(Address address, size_t unit) {
  return (address + unit - 1) / unit * unit;
}

absl::Status Exhausted(size_t bytes) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot reserve ", bytes, " bytes of memory"));
}

// Maps the pages of a file's mapping a second time, over reserved addresses. False where they are
// not of a file.
absl::StatusOr<bool> MapAgain(const char* pages, size_t size, char* to) {
  void* const again = ::mremap(const_cast<char*>(pages), 0, size, MREMAP_MAYMOVE);
  if (again == MAP_FAILED) return false;
  if (::mremap(again, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED) {
    const absl::Status status = Exhausted(size);
    ::munmap(again, size);
    return status;
  }
  return true;
}

}  // namespace

absl::StatusOr<GrowingMemory> GrowingMemory::Make(std::string_view base, size_t room) {
  const size_t page = PageSize();
  const auto begin = reinterpret_cast<uintptr_t>(base.data());
  const uintptr_t first_page = begin / page * page;
  const size_t lead = begin - first_page;  // Bytes of the first page that are not of `base`.
  GrowingMemory memory;
  memory.mapping_size_ = RoundUp(lead + base.size() + room, kStep) + kLargePage + kStep;
  void* const mapping = ::mmap(nullptr, memory.mapping_size_, PROT_NONE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return Exhausted(memory.mapping_size_);
  memory.mapping_ = static_cast<char*>(mapping);
  // At the same place within a large page as the file is, which pages of that size need.
  const auto mapped = reinterpret_cast<uintptr_t>(mapping);
  const uintptr_t start =
      RoundUp(mapped - first_page % kLargePage, kLargePage) + first_page % kLargePage;
  char* const first = memory.mapping_ + (start - mapped);
  memory.data_ = first + lead;
  size_t shared = 0;
  if (base.size() >= kLeastMapped) {
    shared = (lead + base.size()) / page * page;
    ASSIGN_OR_RETURN(const bool again, MapAgain(base.data() - lead, shared, first));
    if (!again) shared = 0;
  }
  memory.writable_end_ = first + shared;
  if (shared == 0) {
    memory.writable_end_ = first;
    AdviseLargePages(first, RoundUp(lead + base.size(), page));
  }
  const size_t copied_from = shared == 0 ? 0 : shared - lead;
  if (shared != 0) memory.size_ = copied_from;
  ASSIGN_OR_RETURN(char* const rest, memory.Extend(base.size() - copied_from));
  if (base.size() > copied_from)
    std::memcpy(rest, base.data() + copied_from, base.size() - copied_from);
  return memory;
}

GrowingMemory::~GrowingMemory() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapping_size_);
}

GrowingMemory& GrowingMemory::operator=(GrowingMemory&& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapping_size_, other.mapping_size_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(writable_end_, other.writable_end_);
  return *this;
}

absl::StatusOr<char*> GrowingMemory::Extend(size_t bytes) {
  char* const end = data_ + size_;
  const auto room = static_cast<size_t>(mapping_ + mapping_size_ - end);
  if (bytes > room)
    return absl::ResourceExhaustedError(
        absl::StrCat("there is room for ", room, " more bytes, not for ", bytes));
  if (end + bytes > writable_end_) {
    const auto missing = static_cast<size_t>(end + bytes - writable_end_);
    const auto left = static_cast<size_t>(mapping_ + mapping_size_ - writable_end_);
    const size_t more = std::min(RoundUp(missing, kStep), left / PageSize() * PageSize());
    if (::mprotect(writable_end_, more, PROT_READ | PROT_WRITE) != 0) return Exhausted(more);
    writable_end_ += more;
  }
  size_ += bytes;
  return end;
}

}  // namespace shortlist
