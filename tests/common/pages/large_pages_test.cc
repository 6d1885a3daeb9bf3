#include "common/pages/large_pages.h"

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

// The flags that the kernel has for the memory at `data`, such as " rd wr hg".
std::string FlagsOf(const void* data) {
  std::ifstream maps("/proc/self/smaps");
  const auto address = reinterpret_cast<uintptr_t>(data);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    uintptr_t begin = 0, end = 0;
    char dash = 0;
    if (words >> std::hex >> begin >> dash >> end && dash == '-')
      inside = begin <= address && address < end;
    if (inside && line.starts_with("VmFlags:")) return line + " ";
  }
  return "";
}

TEST(LargePageAllocator, AsksForLargePagesWhereThereIsMoreThanOne) {
  if (::sysconf(_SC_PAGESIZE) != 4096) GTEST_SKIP() << "small pages are larger than 4 KiB here";
  std::vector<uint64_t, LargePageAllocator<uint64_t>> large(1 << 20);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(large.data()) % (2 << 20), 0);
  EXPECT_NE(FlagsOf(large.data()).find(" hg "), std::string::npos) << FlagsOf(large.data());
}

TEST(LargePageAllocator, KeepsTheAlignmentOfWhatIsSmall) {
  struct alignas(64) Row {
    char bytes[64];
  };
  const std::vector<Row, LargePageAllocator<Row>> rows(3);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(rows.data()) % alignof(Row), 0);
}

TEST(LargePageAllocator, HoldsWhatAVectorHolds) {
  std::vector<int, LargePageAllocator<int>> numbers;
  for (int i = 0; i < 2'000'000; ++i) numbers.push_back(i);
  const std::vector<int, LargePageAllocator<int>> copy = numbers;
  EXPECT_EQ(copy, numbers);
  EXPECT_EQ(copy.back(), 1'999'999);
}

}  // namespace
}  // namespace shortlist
