#include "common/pages/mapped_pages.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace shortlist {
namespace {

constexpr size_t kMaxPathBytes = 400;

// The handler reads it whatever the other threads are doing: a mapping is there as long as `begin`
// is not 0, which is set last and taken back first.
struct Mapping {
  std::atomic<bool> is_taken = false;
  std::atomic<uintptr_t> begin = 0;
  std::atomic<size_t> size = 0;
  char path[kMaxPathBytes];
};

std::array<Mapping, kMostNotedMappings> mappings;

void Write(std::string_view text) {
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
}

// Calls nothing but what is safe in a handler of signals.
void OnUnreadablePage(int /*signal*/, siginfo_t* info, void* /*context*/) {
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  const char* path = nullptr;
  for (const Mapping& mapping : mappings) {
    const uintptr_t begin = mapping.begin.load(std::memory_order_acquire);
    if (begin != 0 && address >= begin && address - begin < mapping.size.load())
      path = mapping.path;
  }
  Write("shortlist: ");
  Write(path != nullptr ? path : "a mapped file");
  Write(
      ": a page of it cannot be read (SIGBUS): the file was cut short while it was in use, or the "
      "disk failed. Replace files by renaming others, never in place.\n");
  // What read the page tries again, and ends the process.
  ::signal(SIGBUS, SIG_DFL);
}

}  // namespace

size_t NoteMapping(const void* data, size_t size, const std::string& path) {
  for (size_t slot = 0; slot < mappings.size(); ++slot) {
    Mapping& mapping = mappings[slot];
    if (mapping.is_taken.exchange(true, std::memory_order_acquire)) continue;
    const size_t length = std::min(path.size(), kMaxPathBytes - 1);
    std::memcpy(mapping.path, path.data() + (path.size() - length), length);
    mapping.path[length] = '\0';
    mapping.size = size;
    mapping.begin.store(reinterpret_cast<uintptr_t>(data), std::memory_order_release);
    return slot;
  }
  return kNoMappingSlot;
}

void ForgetMapping(size_t slot) {
  if (slot == kNoMappingSlot) return;
  mappings[slot].begin = 0;
  mappings[slot].is_taken.store(false, std::memory_order_release);
}

void ReportUnreadablePages() {
  struct sigaction action {};
  action.sa_sigaction = OnUnreadablePage;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace shortlist
