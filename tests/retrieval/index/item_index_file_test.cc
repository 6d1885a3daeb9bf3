#include "retrieval/index/item_index_file.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

namespace file = item_index_file;
using ::testing::ElementsAre;

TEST(VisitArrays, NamesEveryArrayInTheOrderOfTheFileWithItsLength) {
  file::Arrays<file::OwnedArray> arrays;
  arrays.shape = {file::kFormat, /*items=*/100, /*dim=*/65, /*lists=*/3};
  std::vector<std::string> names;
  std::vector<size_t> lengths;
  const auto visit = [&](const char* name, size_t length, const auto&) {
    names.emplace_back(name);
    lengths.push_back(length);
    return absl::OkStatus();
  };
  ASSERT_TRUE(file::VisitArrays(visit, arrays).ok());
  EXPECT_THAT(names, ElementsAre("shape", "settings", "list_begins", "centre_codes", "spreads",
                                 "steps", "first_errors", "errors", "first_halves", "second_halves",
                                 "rows", "positions"));
  // 65 dimensions take 128 bytes of a centre, and 64 of each half of an item.
  EXPECT_THAT(lengths, ElementsAre(4, 4, 4, 3 * 128, 3, 3, 3, 3, 100 * 64, 100 * 64, 100, 100));
}

TEST(VisitArrays, StopsAtTheFirstError) {
  file::Arrays<file::OwnedArray> arrays;
  arrays.shape = {file::kFormat, 1, 1, 1};
  size_t visited = 0;
  const auto visit = [&](const char*, size_t, const auto&) {
    return ++visited == 2 ? absl::DataLossError("bad") : absl::OkStatus();
  };
  EXPECT_EQ(file::VisitArrays(visit, arrays).message(), "bad");
  EXPECT_EQ(visited, 2u);
}

TEST(HashOfEmbeddings, TellsValuesAndShapesApart) {
  std::vector<float> embeddings = {1, 2, 3, 4, 5, 6};
  const uint64_t hash = file::HashOfEmbeddings(embeddings, 2);
  EXPECT_EQ(file::HashOfEmbeddings(embeddings, 2), hash);
  EXPECT_NE(file::HashOfEmbeddings(embeddings, 3), hash);
  embeddings[5] = 7;
  EXPECT_NE(file::HashOfEmbeddings(embeddings, 2), hash);
}

TEST(ArrayHash, IsThatOfTheBytesOneAfterTheOther) {
  const std::vector<uint32_t> all = {1, 2, 3};
  file::ArrayHash whole, parts, other;
  whole.Add(std::span<const uint32_t>(all));
  parts.Add(std::span<const uint32_t>(all).first(1));
  parts.Add(std::span<const uint32_t>(all).subspan(1));
  other.Add(std::span<const uint32_t>(all).first(2));
  EXPECT_EQ(whole.Digest(), parts.Digest());
  EXPECT_NE(whole.Digest(), other.Digest());
}

}  // namespace
}  // namespace shortlist
