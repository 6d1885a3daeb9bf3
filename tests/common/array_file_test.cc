#include "common/array_file.h"

#include <cstring>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kHeaderBytes = 16;
constexpr size_t kEntryBytes = 280;

class ArrayFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<float> weights = {1.5F, -2};
    std::vector<uint32_t> rows = {7, 8, 9};
    ArrayFileWriter writer;
    writer.Add<float>("weights", weights);
    writer.Add<uint32_t>("rows", rows);
    writer.AddOwned<char>("text", {'o', 'k'});
    writer.AddOwned<double>("empty", {});
    ASSERT_TRUE(writer.Write(path_).ok());
    content_ = *ReadFile(path_);
  }

  absl::Status OpenChanged(const std::string& content) {
    return ArrayFile::Open(folder_.Write("changed.arr", content)).status();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "test.arr";
  std::string content_;
};

TEST_F(ArrayFileTest, GivesBackWhatWasWritten) {
  auto file = ArrayFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(*file->Get<float>("weights", 2), ElementsAre(1.5F, -2));
  EXPECT_THAT(*file->Get<uint32_t>("rows"), ElementsAre(7, 8, 9));
  EXPECT_THAT(*file->Get<char>("text"), ElementsAre('o', 'k'));
  EXPECT_THAT(*file->Get<double>("empty"), IsEmpty());
  EXPECT_TRUE(file->Has("rows"));
  EXPECT_FALSE(file->Has("columns"));
}

TEST_F(ArrayFileTest, WritesWhatIsMadePieceByPieceLikeWhatIsThereAtOnce) {
  std::vector<float> weights = {1.5F, -2};
  std::vector<uint32_t> piece;
  ArrayFileWriter writer;
  writer.Add<float>("weights", weights);
  writer.AddMade<uint32_t>("rows", 3, [&](size_t from) {
    piece.assign(from == 0 ? 2 : 1, 0);
    for (size_t i = 0; i < piece.size(); ++i) piece[i] = static_cast<uint32_t>(7 + from + i);
    return std::span<const uint32_t>(piece);
  });
  writer.AddOwned<char>("text", {'o', 'k'});
  writer.AddOwned<double>("empty", {});
  ASSERT_TRUE(writer.Write(folder_ / "made.arr").ok());
  EXPECT_EQ(*ReadFile(folder_ / "made.arr"), content_);
}

TEST_F(ArrayFileTest, AlignsArraysTo64Bytes) {
  auto file = ArrayFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(file->Get<uint32_t>("rows")->data()) % 64, 0);
}

TEST_F(ArrayFileTest, NamesFileAndArrayWhenAnArrayIsNotAsExpected) {
  auto file = ArrayFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  for (const absl::Status& status :
       {file->Get<float>("columns").status(), file->Get<float>("rows").status(),
        file->Get<uint32_t>("rows", 4).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr(path_.string()));
  }
  EXPECT_THAT(std::string(file->Get<float>("columns").status().message()),
              HasSubstr("columns is missing"));
}

TEST_F(ArrayFileTest, RefusesEveryTruncationAndNamesTheFile) {
  for (size_t size = 0; size < content_.size(); ++size) {
    absl::Status status = OpenChanged(content_.substr(0, size));
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size;
    EXPECT_THAT(std::string(status.message()), HasSubstr("changed.arr")) << size;
  }
}

TEST_F(ArrayFileTest, RefusesAForeignFile) {
  std::string content = content_;
  content[0] = 'X';
  EXPECT_THAT(std::string(OpenChanged(content).message()), HasSubstr("not an array file"));
  EXPECT_FALSE(ArrayFile::Open(folder_ / "absent.arr").ok());
}

TEST_F(ArrayFileTest, NeverReadsOutsideTheFileWhateverBitOfHeaderAndDirectoryIsFlipped) {
  for (size_t byte = 0; byte < kHeaderBytes + 4 * kEntryBytes; ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string content = content_;
      content[byte] = static_cast<char>(content[byte] ^ (1 << bit));
      auto file = ArrayFile::Open(folder_.Write("changed.arr", content));
      if (!file.ok()) {
        EXPECT_THAT(std::string(file.status().message()), HasSubstr("changed.arr"));
        continue;
      }
      // A flip in a name, in padding or to another valid size leaves a file whose arrays lie
      // inside it: summing them is safe, as the address sanitizer confirms.
      uint64_t sum = 0;
      if (auto rows = file->Get<uint32_t>("rows"); rows.ok())
        for (uint32_t row : *rows) sum += row;
      if (auto text = file->Get<char>("text"); text.ok())
        for (char c : *text) sum += static_cast<unsigned char>(c);
      EXPECT_LT(sum, uint64_t{1} << 40);
    }
  }
}

TEST_F(ArrayFileTest, RefusesFlippedTypeOffsetAndOverlongLength) {
  auto flip = [&](size_t entry, size_t offset, char mask) {
    std::string content = content_;
    char& byte = content[kHeaderBytes + entry * kEntryBytes + offset];
    byte = static_cast<char>(byte ^ mask);
    return OpenChanged(content);
  };
  EXPECT_FALSE(flip(0, 256, 0x40).ok());  // Type.
  EXPECT_FALSE(flip(0, 272, 0x01).ok());  // Offset not aligned.
  EXPECT_FALSE(flip(0, 276, 0x01).ok());  // Offset beyond the file.
  EXPECT_FALSE(flip(0, 271, 0x40).ok());  // Length that overflows when multiplied.
  EXPECT_FALSE(flip(0, 0, 'w').ok());     // Empty name.
}

TEST_F(ArrayFileTest, RefusesTwoArraysOfOneName) {
  ArrayFileWriter writer;
  writer.AddOwned<char>("same", {'a'});
  writer.AddOwned<char>("same", {'b'});
  ASSERT_TRUE(writer.Write(folder_ / "twice.arr").ok());
  auto file = ArrayFile::Open(folder_ / "twice.arr");
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("appears twice"));
}

TEST_F(ArrayFileTest, ReportsAFolderThatDoesNotExist) {
  EXPECT_FALSE(ArrayFileWriter().Write(folder_ / "absent" / "a.arr").ok());
}

}  // namespace
}  // namespace shortlist
