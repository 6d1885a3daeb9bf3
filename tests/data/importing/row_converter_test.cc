#include "data/importing/row_converter.h"

#include <string>

#include "common/files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::EndsWith;

// "bad" cells are bad; others become lines.
class Echo final : public RowConverter {
 public:
  absl::Status Convert(std::span<const std::string_view> cells, std::string& lines) override {
    if (cells[0] == "bad") return absl::InvalidArgumentError("a bad cell");
    lines += cells[0];
    lines += '\n';
    return absl::OkStatus();
  }
};

class ConvertRowsTest : public ::testing::Test {
 protected:
  absl::StatusOr<uint64_t> Convert(std::vector<std::filesystem::path> files, BadRows& bad_rows) {
    std::unique_ptr<TableReader> table = *TableReader::Open(std::move(files), {});
    EXPECT_TRUE(table->Select({"a"}).ok());
    WorkerPool pool(3);
    std::vector<std::unique_ptr<RowConverter>> converters;
    for (size_t i = 0; i < ConvertersFor(pool); ++i) converters.push_back(std::make_unique<Echo>());
    const std::string_view header[] = {"a:token"};
    AtomicFileWriter out(folder_ / "out", header);
    absl::StatusOr<uint64_t> rows = ConvertRows(*table, converters, pool, bad_rows, out);
    EXPECT_TRUE(out.Close().ok());
    return rows;
  }

  TemporaryFolder folder_;
};

TEST_F(ConvertRowsTest, KeepsTheOrderOfRowsOfManyBlocksAndFiles) {
  std::string expected = "a:token\n";
  std::vector<std::filesystem::path> files;
  for (int file = 0; file < 3; ++file) {
    std::string rows;
    for (int row = 0; row < 700'000; ++row) rows += std::to_string(row * 3 + file) + "\n";
    files.push_back(folder_.Write("in" + std::to_string(file), "a\n" + rows));
    expected += rows;
  }
  BadRows stop(/*skip=*/false);
  EXPECT_EQ(*Convert(files, stop), 2'100'000u);
  EXPECT_TRUE(*ReadFile(folder_ / "out") == expected);
}

TEST_F(ConvertRowsTest, NamesTheFirstBadRowWhereverItIs) {
  std::string rows = "\"a\",b\n";
  for (int row = 0; row < 600'000; ++row) rows += "\"x\ny\",1\n";
  const std::filesystem::path first = folder_.Write("first.csv", rows);
  const std::filesystem::path second =
      folder_.Write("second.csv", rows + "bad,1\n\n1\n" + rows.substr(6) + "bad,1\n");
  BadRows stop(/*skip=*/false);
  EXPECT_THAT(std::string(Convert({first, second}, stop).status().message()),
              EndsWith("second.csv:1200002: a bad cell"));
  BadRows skip(/*skip=*/true);
  EXPECT_EQ(*Convert({first, second}, skip), 1'800'000u);
  EXPECT_EQ(skip.count(), 3u);
  EXPECT_THAT(std::string(skip.last_error().message()), EndsWith("second.csv:2400005: a bad cell"));
}

}  // namespace
}  // namespace shortlist
