#include "app/importing/import_table_flags.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<TableImportOptions> Read(const std::string& arguments) {
  CommandLine line("");
  ImportTableFlags flags;
  AddImportTableFlags(line, flags);
  if (!line.Accepts(arguments)) return absl::InvalidArgumentError("not accepted");
  return ReadImportTableFlags(flags);
}

TEST(ImportTableFlags, SayWhatIsImportedAndHow) {
  const auto options = Read(
      "a.csv b.csv --items i.tsv --item-id key --item-columns x,y --user u --rating stars "
      "--positive stars>=4 --negative stars<=2 --range stars=1..5 --missing stars=-1 "
      "--separator genre=; --context device --duplicates last --min-user 5 --time-unit ms "
      "--delimiter \\t --columns u,i --no-quotes --latin1 --skip-bad-rows");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_THAT(options->interactions.files, ElementsAre("a.csv", "b.csv"));
  EXPECT_EQ(options->interactions.format.delimiter, "\t");
  EXPECT_THAT(options->interactions.format.columns, ElementsAre("u", "i"));
  EXPECT_FALSE(options->interactions.format.quotes);
  EXPECT_THAT(options->items.files, ElementsAre("i.tsv"));
  for (const TableFormat& format : {options->items.format, options->users.format}) {
    EXPECT_EQ(format.kind, TableFormat::Kind::kRecognised);
    EXPECT_EQ(format.delimiter, "\t");
    EXPECT_FALSE(format.quotes);
    EXPECT_TRUE(format.latin1);
    EXPECT_TRUE(format.columns.empty());
  }
  EXPECT_EQ(options->items.id, "key");
  EXPECT_THAT(options->items.columns, ElementsAre("x", "y"));
  EXPECT_TRUE(options->users.files.empty());
  EXPECT_EQ(options->spec.user_column, "u");
  EXPECT_EQ(options->spec.worth.size(), 2u);
  EXPECT_EQ(options->spec.worth[1].worth, -1);
  EXPECT_EQ(options->spec.duplicates, Duplicates::kLast);
  EXPECT_EQ(options->spec.time_unit, TimeUnit::kMilliseconds);
  EXPECT_EQ(options->spec.min_user_interactions, 5u);
  EXPECT_THAT(options->needed, ElementsAre("stars", "genre"));
  EXPECT_THAT(options->contexts, ElementsAre("device"));
  EXPECT_TRUE(options->skip_bad_rows);
}

TEST(ImportTableFlags, GoOverTheFileAndTheFileOverThePreset) {
  const TemporaryFolder folder;
  const std::string spec =
      folder
          .Write("s.txtpb",
                 "item_column: \"asin\" rating_column: \"x\" duplicates: DUPLICATES_FIRST")
          .string();
  const auto options = Read("a.jsonl --preset amazon-2023 --rating y --spec " + spec);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->spec.user_column, "user_id");
  EXPECT_EQ(options->spec.item_column, "asin");
  EXPECT_EQ(options->spec.rating_column, "y");
  EXPECT_EQ(options->spec.duplicates, Duplicates::kFirst);
}

TEST(ImportTableFlags, FindThePresetsFilesInAFolder) {
  const TemporaryFolder folder;
  folder.Write("events.csv", "");
  const auto options = Read(folder.path().string() + " --preset retailrocket");
  ASSERT_TRUE(options.ok());
  EXPECT_THAT(options->interactions.files, ElementsAre(folder / "events.csv"));
}

TEST(ImportTableFlags, RefuseDelimitersThatCannotBe) {
  ImportTableFlags flags;
  flags.files = {"a.csv"};
  for (const char* delimiter : {"\"", "\n", ";\r"}) {
    flags.delimiter = delimiter;
    EXPECT_THAT(std::string(ReadImportTableFlags(flags).status().message()),
                HasSubstr("--delimiter: a quote or a line end cannot be one"));
  }
}

TEST(ImportTableFlags, RefuseWhatMakesNoSense) {
  const auto error = [](const std::string& arguments) {
    return std::string(Read(arguments).status().message());
  };
  EXPECT_EQ(error("a.csv --duplicates some"), "not accepted");
  EXPECT_EQ(error("a.csv --time-unit weeks"), "not accepted");
  EXPECT_EQ(error(""), "not accepted");
  EXPECT_THAT(error("a.csv --positive rating>4"), HasSubstr("\"rating>4\": "));
  EXPECT_THAT(error("a.csv --preset netflix"), HasSubstr("there is no preset netflix"));
  EXPECT_THAT(error("a.csv --spec none.txtpb"), HasSubstr("none.txtpb"));
}

}  // namespace
}  // namespace shortlist
