#include "common/growing/growing_memory.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

std::string Bytes(size_t size) {
  std::string bytes(size, 0);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 2654435761U >> 13);
  return bytes;
}

// The content of what begins with `base` and is extended bit by bit.
void ExpectGrows(std::string_view base, size_t room) {
  auto memory = GrowingMemory::Make(base, room);
  ASSERT_TRUE(memory.ok()) << memory.status();
  const char* const data = memory->data();
  ASSERT_EQ(memory->size(), base.size());
  EXPECT_EQ(std::string_view(data, memory->size()), base);
  std::string expected(base);
  for (size_t step = 1; expected.size() + step <= base.size() + room; step = 3 * step + 1) {
    auto added = memory->Extend(step);
    ASSERT_TRUE(added.ok()) << added.status();
    expected.append(step, '\0');
    ASSERT_EQ(*added, data + expected.size() - step);
    ASSERT_EQ(std::string_view(*added, step),
              std::string_view(expected).substr(expected.size() - step));  // Zeros.
    const std::string written = Bytes(step);
    std::memcpy(*added, written.data(), step);
    expected.replace(expected.size() - step, step, written);
  }
  EXPECT_EQ(memory->data(), data);
  EXPECT_EQ(std::string_view(data, memory->size()), expected);
}

// What is mapped at the address, as /proc/self/maps has it.
std::string MappedAt(const char* address) {
  std::ifstream maps("/proc/self/maps");
  const auto wanted = reinterpret_cast<uintptr_t>(address);
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0, end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx", &begin, &end) == 2 && begin <= wanted && wanted < end)
      return line;
  }
  return "";
}

TEST(GrowingMemory, GrowsBehindWhatItBeganWithAndStaysWhereItIs) {
  ExpectGrows({}, 5'000'000);
  ExpectGrows(Bytes(17), 1'000'000);
  ExpectGrows(Bytes(3'000'001), 1'000'000);
}

TEST(GrowingMemory, MapsTheFileOfAMappingAgainAndLeavesItAsItIs) {
  const TemporaryFolder folder;
  const std::string content = Bytes(5'000'003);
  std::ofstream(folder / "the_file", std::ios::binary) << content;
  auto file = MappedFile::Open(folder / "the_file");
  ASSERT_TRUE(file.ok()) << file.status();
  const std::string_view all = (*file)->content();
  ExpectGrows(all, 1'000'000);
  for (const auto& [begin, size] : {std::pair<size_t, size_t>{0, 2'000'000},
                                    {64, 4'000'000},
                                    {4096, 2 << 20},
                                    {1'000'001, 3'999'999},
                                    {4'999'000, 100}})
    ExpectGrows(all.substr(begin, size), 100'000);
  EXPECT_EQ((*file)->content(), content);
  EXPECT_EQ(*ReadFile(folder / "the_file"), content);

  auto part = GrowingMemory::Make(all.substr(64, 3'000'000), 100);
  ASSERT_TRUE(part.ok());
  EXPECT_THAT(MappedAt(part->data() + 2'000'000), ::testing::HasSubstr("the_file"));
  EXPECT_THAT(MappedAt(part->data() + 3'000'000), ::testing::Not(::testing::HasSubstr("the_file")));

  // It outlives the mapping that it was made from.
  auto memory = GrowingMemory::Make((*file)->content(), 10);
  ASSERT_TRUE(memory.ok());
  file->reset();
  EXPECT_EQ(std::string_view(memory->data(), memory->size()), content);
}

TEST(GrowingMemory, RefusesMoreThanThereIsRoomForAndGoesOn) {
  auto memory = GrowingMemory::Make("base", 100);
  ASSERT_TRUE(memory.ok());
  EXPECT_EQ(memory->Extend(1 << 30).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(memory->Extend(100).ok());
  EXPECT_EQ(memory->size(), 104u);
}

}  // namespace
}  // namespace shortlist
