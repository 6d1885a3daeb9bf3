// Changes one array of an array file in place, to make bundles that load and are wrong.
//
//   PatchArray<float>(folder / kRankerFile, "weights", [](std::span<float> weights) { ... });
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "common/files.h"

namespace shortlist {

// The layout is that of docs/formats.md. Aborts where there is no such array.
template <class T, class Change>
void PatchArray(const std::filesystem::path& path, std::string_view name, const Change& change) {
  struct Entry {
    char name[256];
    uint32_t type, reserved;
    uint64_t length, offset;
  };
  std::string content = ReadFile(path).value();
  uint64_t count = 0;
  std::memcpy(&count, content.data() + 8, sizeof count);
  for (uint64_t i = 0; i < count; ++i) {
    Entry entry;
    std::memcpy(&entry, content.data() + 16 + i * sizeof entry, sizeof entry);
    if (entry.name != name) continue;
    change(std::span<T>(reinterpret_cast<T*>(content.data() + entry.offset), entry.length));
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    return;
  }
  std::abort();
}

}  // namespace shortlist
