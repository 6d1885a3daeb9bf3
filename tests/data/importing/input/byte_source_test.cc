#include "data/importing/input/byte_source.h"

#include <zlib.h>
#include <zstd.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

std::string Gzip(const std::string& content) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string Zstd(const std::string& content) {
  std::string packed(ZSTD_compressBound(content.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), content.data(), content.size(), 3));
  return packed;
}

// More than the buffers hold.
std::string LongContent() {
  std::string content;
  for (size_t line = 0; content.size() < 3 << 20; ++line)
    content += std::to_string(line * 7919) + "\n";
  return content;
}

class ByteSourceTest : public ::testing::Test {
 protected:
  // Everything, or the error, read in pieces of an odd size.
  std::string ReadAll(const std::string& bytes) {
    absl::StatusOr<std::unique_ptr<ByteSource>> source =
        ByteSource::Open(folder_.Write("x", bytes));
    if (!source.ok()) return std::string(source.status().message());
    std::string all;
    std::string piece(100'003, '\0');
    while (true) {
      absl::StatusOr<size_t> count = (*source)->Read(piece.data(), piece.size());
      if (!count.ok()) return std::string(count.status().message());
      all.append(piece, 0, *count);
      if (*count < piece.size()) break;
    }
    EXPECT_EQ((*source)->file_bytes_read(), bytes.size());
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(ByteSourceTest, UnpacksWhatIsPackedWhateverItsName) {
  const std::string content = LongContent();
  EXPECT_EQ(ReadAll(content), content);
  EXPECT_EQ(ReadAll(Gzip(content)), content);
  EXPECT_EQ(ReadAll(Zstd(content)), content);
  EXPECT_EQ(ReadAll(""), "");
  EXPECT_EQ(ReadAll("ab"), "ab");
  EXPECT_EQ(ReadAll(Gzip("")), "");
}

TEST_F(ByteSourceTest, UnpacksPartsThatFollowEachOther) {
  EXPECT_EQ(ReadAll(Gzip("one\n") + Gzip("two\n")), "one\ntwo\n");
  EXPECT_EQ(ReadAll(Zstd("one\n") + Zstd("two\n")), "one\ntwo\n");
}

TEST_F(ByteSourceTest, ZerosAfterGzipAreNothing) {
  const std::string zeros(1 << 20, '\0');  // More than the buffer holds.
  EXPECT_EQ(ReadAll(Gzip("one\n") + zeros), "one\n");
  EXPECT_EQ(ReadAll(Gzip("one\n") + Gzip("two\n") + zeros.substr(0, 3)), "one\ntwo\n");
  EXPECT_THAT(ReadAll(Gzip("one\n") + zeros + "junk"), HasSubstr("x: damaged gzip data"));
}

TEST_F(ByteSourceTest, RefusesWhatIsCutOrDamaged) {
  for (const std::string& packed : {Gzip(LongContent()), Zstd(LongContent())}) {
    EXPECT_THAT(ReadAll(packed.substr(0, packed.size() / 2)),
                HasSubstr("x: the file ends in the middle"));
    std::string damaged = packed;
    damaged[packed.size() / 2] ^= 0x55;
    damaged[packed.size() / 2 + 1] ^= 0x55;
    EXPECT_THAT(ReadAll(damaged), HasSubstr("x: damaged"));
  }
  EXPECT_THAT(std::string(ByteSource::Open(folder_ / "none").status().message()),
              HasSubstr("none: cannot open"));
}

TEST_F(ByteSourceTest, RefusesZstdWindowsThatTakeMuchMemory) {
  // An empty frame with a window of 256 MiB.
  EXPECT_THAT(ReadAll(std::string("\x28\xB5\x2F\xFD\x00\x90\x01\x00\x00", 9)),
              HasSubstr("x: the zstd window takes more than 128 MiB"));
}

TEST_F(ByteSourceTest, SeeksInPlainFilesOnly) {
  std::unique_ptr<ByteSource> source = *ByteSource::Open(folder_.Write("x", "0123456789"));
  ASSERT_TRUE(source->SeekTo(7));
  char bytes[10];
  EXPECT_EQ(*source->Read(bytes, sizeof(bytes)), 3u);
  EXPECT_EQ(std::string(bytes, 3), "789");
  EXPECT_FALSE((*ByteSource::Open(folder_.Write("x", Gzip("0123456789"))))->SeekTo(7));
}

TEST(SourceName, IsThePathUnlessItIsStandardInput) {
  EXPECT_EQ(SourceName("a/b.csv"), "a/b.csv");
  EXPECT_EQ(SourceName("-"), "standard input");
}

}  // namespace
}  // namespace shortlist
