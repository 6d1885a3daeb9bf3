#include "data/dataset.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/datasets/npy_bytes.h"
#include "tests/support/shared_data.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DatasetTest : public ::testing::Test {
 protected:
  Dataset Load(const LoadOptions& options = {}) {
    absl::StatusOr<Dataset> dataset = LoadDataset(folder_ / "toy", options);
    EXPECT_TRUE(dataset.ok()) << dataset.status();
    return dataset.ok() ? *std::move(dataset) : Dataset{};
  }
  std::string LoadError() {
    return std::string(LoadDataset(folder_ / "toy", {}).status().message());
  }
  // Where the test's file of that ending is.
  std::string Path(const std::string& ending) { return (folder_ / "toy/toy.").string() + ending; }
  void WriteInter(const std::string& content) { folder_.Write("toy/toy.inter", content); }
  void WriteItem(const std::string& content) { folder_.Write("toy/toy.item", content); }
  void WriteUser(const std::string& content) { folder_.Write("toy/toy.user", content); }

  TemporaryFolder folder_;
};

TEST_F(DatasetTest, GivesItemsTheVectorsThatAreBesideThem) {
  WriteInter("user_id:token\titem_id:token\n1\tb\n1\tonly here\n");
  folder_.Write("toy/toy.item.npy", NpyBytes(3, 1, {2, 9, 1}));
  EXPECT_EQ(LoadError(), Path("item.npy") + ": its rows are those of toy.item, which is not there");
  WriteItem("item_id:token\tx:token\nb\t1\n\tbad\na\t2\n");
  const Dataset dataset = Load({.skip_bad_rows = true});
  EXPECT_THAT(dataset.items.ids, ElementsAre("a", "b", "only here"));
  EXPECT_THAT(dataset.items.vectors, ElementsAre(1, 2, 0));
}

TEST_F(DatasetTest, KeepsWhichNumbersOfItemsMayTellTheFuture) {
  std::string inter = "user_id:token\titem_id:token\n", item = "item_id:token\tplays:float\n";
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&item, i, "\t", 7 * i, "\n");
    for (int user = 0; user <= i; ++user) absl::StrAppend(&inter, user, "\t", i, "\n");
  }
  WriteInter(inter);
  WriteItem(item);
  const Dataset dataset = Load();
  ASSERT_EQ(dataset.summary.leakage.size(), 1u);
  EXPECT_EQ(dataset.summary.leakage[0].attribute, "plays");
}

// The items of a part, in the data set's order.
std::vector<std::string> ItemsOfPart(const Dataset& dataset, DatasetPart part) {
  std::vector<std::string> items;
  for (size_t i = 0; i < dataset.interactions.size(); ++i)
    if (dataset.parts[i] == part) items.push_back(dataset.items.ids[dataset.interactions[i].item]);
  return items;
}

TEST_F(DatasetTest, FixedSplitReadsItsFilesAndSortsByUserThenPartThenTime) {
  folder_.Write("toy/toy.train.inter",
                "user_id:token\titem_id:token\ttimestamp:float\n1\tb\t9\n1\ta\t5\n2\ta\t1\n");
  folder_.Write("toy/toy.test.inter", "user_id:token\titem_id:token\ttimestamp:float\n1\tc\t2\n");
  const Dataset dataset = Load({.fixed_split = true});
  EXPECT_THAT(dataset.user_ids, ElementsAre("1", "2"));
  EXPECT_THAT(ItemsOfPart(dataset, DatasetPart::kTrain), ElementsAre("a", "b", "a"));
  EXPECT_THAT(ItemsOfPart(dataset, DatasetPart::kValid), IsEmpty());
  EXPECT_THAT(ItemsOfPart(dataset, DatasetPart::kTest), ElementsAre("c"));
  EXPECT_TRUE(dataset.has_times);
  EXPECT_EQ(dataset.interactions[2].user, 0);  // The first user's test comes before user 2.
}

TEST_F(DatasetTest, FixedSplitWithoutTimesKeepsNoOrderWithinAPart) {
  std::string train = "user_id:token\titem_id:token\n";
  std::vector<std::string> in_file;
  for (int item = 0; item < 50; ++item) {
    in_file.push_back(absl::StrCat(item));
    absl::StrAppend(&train, "1\t", item, "\n");
  }
  folder_.Write("toy/toy.train.inter", train);
  folder_.Write("toy/toy.test.inter", "user_id:token\titem_id:token\n1\tx\n");
  const Dataset dataset = Load({.fixed_split = true});
  EXPECT_FALSE(dataset.has_times);
  const std::vector<std::string> items = ItemsOfPart(dataset, DatasetPart::kTrain);
  EXPECT_NE(items, in_file);
  EXPECT_THAT(items, ::testing::UnorderedElementsAreArray(in_file));
}

TEST_F(DatasetTest, FixedSplitWithoutTestNamesTheFileThatIsMissing) {
  folder_.Write("toy/toy.train.inter", "user_id:token\titem_id:token\n1\ta\n");
  EXPECT_THAT(std::string(LoadDataset(folder_ / "toy", {.fixed_split = true}).status().message()),
              HasSubstr("toy.test.inter"));
}

// "genre=Comedy" for every code of a row.
std::vector<std::string> Names(const std::vector<AttributeFieldData>& schema,
                               const std::vector<uint64_t>& offsets,
                               const std::vector<uint32_t>& codes, size_t row) {
  std::vector<std::string> names;
  for (uint64_t i = offsets[row]; i < offsets[row + 1]; ++i) {
    uint32_t code = codes[i];
    size_t before = names.size();
    for (const AttributeFieldData& field : schema) {
      if (code < field.values.size()) {
        names.push_back(field.name + "=" + field.values[code]);
        break;
      }
      code -= static_cast<uint32_t>(field.values.size());
    }
    if (names.size() == before) names.push_back(absl::StrCat("unknown code ", codes[i]));
  }
  return names;
}

std::vector<std::string> Names(const AttributeCodes& codes, size_t row) {
  return Names(codes.schema, codes.offsets, codes.codes, row);
}

std::vector<std::string> Names(const CatalogData& items, size_t row) {
  return Names(items.schema, items.code_offsets, items.codes, row);
}

constexpr char kInter[] =
    "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
    "u2\ti3\t4\t881250949\n"
    "u1\ti1\t3.5\t881250951\n"
    "u1\ti3\t5\t881250950\n"
    "u2\ti1\t1\t881250940\n";

TEST_F(DatasetTest, SortsInteractionsByUserThenTime) {
  WriteInter(kInter);
  Dataset dataset = Load();
  EXPECT_EQ(dataset.name, "toy");
  EXPECT_THAT(dataset.user_ids, ElementsAre("u1", "u2"));
  EXPECT_THAT(dataset.items.ids, ElementsAre("i1", "i3"));
  ASSERT_EQ(dataset.interactions.size(), 4u);
  EXPECT_EQ(dataset.interactions[0].user, 0u);
  EXPECT_EQ(dataset.interactions[0].item, 1u);
  EXPECT_EQ(dataset.interactions[0].time_ms, 881250950000);
  EXPECT_EQ(dataset.interactions[0].value, 5);
  EXPECT_EQ(dataset.interactions[1].item, 0u);
  EXPECT_EQ(dataset.interactions[1].value, 3.5);
  EXPECT_EQ(dataset.interactions[2].user, 1u);
  EXPECT_EQ(dataset.interactions[2].time_ms, 881250940000);
  EXPECT_EQ(dataset.interactions[3].worth, 1);
  EXPECT_THAT(dataset.items.interaction_counts, ElementsAre(2, 2));
  EXPECT_EQ(dataset.summary.rows, 4u);
  EXPECT_EQ(dataset.summary.bad_rows, 0u);
}

TEST_F(DatasetTest, KeepsDuplicatesAndCountsThem) {
  std::string rows = "user_id:token\titem_id:token\ttimestamp:float\n";
  for (int i = 0; i < 100; ++i) absl::StrAppend(&rows, "u\ti", i % 7, "\t5\n");
  WriteInter(rows + "u\tfirst\t4\n");
  const Dataset dataset = Load();
  ASSERT_EQ(dataset.interactions.size(), 101u);
  EXPECT_EQ(dataset.items.ids[dataset.interactions[0].item], "first");
  EXPECT_EQ(dataset.summary.repeats, 93u);
}

TEST_F(DatasetTest, DerivesDaypartAndWeekdayFromUnixTimes) {
  // 1997-12-04 15:55:49 UTC, a Thursday, and the first second of the Friday after.
  WriteInter(
      "user_id:token\titem_id:token\ttimestamp:float\n"
      "u\ta\t881250949\nu\tb\t881280000\n");
  Dataset dataset = Load();
  EXPECT_TRUE(dataset.has_unix_times);
  EXPECT_EQ(dataset.context_attributes.schema[0].values.size(), 4u);
  EXPECT_EQ(dataset.context_attributes.schema[1].values.size(), 7u);
  EXPECT_THAT(Names(dataset.context_attributes, 0),
              ElementsAre("daypart=afternoon", "weekday=Thu"));
  EXPECT_THAT(Names(dataset.context_attributes, 1), ElementsAre("daypart=night", "weekday=Fri"));
}

TEST_F(DatasetTest, DerivesThemInTheTimeZoneThatTheUserFileSays) {
  std::string users = "user_id:token\tgender:token\ttime_zone:token\n";
  for (int i = 0; i < 3; ++i)
    absl::StrAppend(&users, "a", i, "\tF\tAsia/Tokyo\nb", i, "\tM\tAtlantis\n");
  WriteUser(users);
  // 1997-12-04 15:55:49 UTC, a Thursday: in Tokyo it is Friday already.
  WriteInter(
      "user_id:token\titem_id:token\ttimestamp:float\n"
      "a0\tx\t881250949\nb0\tx\t881250949\n");
  const Dataset dataset = Load();
  EXPECT_THAT(Names(dataset.context_attributes, 0), ElementsAre("daypart=night", "weekday=Fri"));
  EXPECT_THAT(Names(dataset.context_attributes, 1),
              ElementsAre("daypart=afternoon", "weekday=Thu"));
}

TEST_F(DatasetTest, TakesLargeTimesForMilliseconds) {
  WriteInter("user_id:token\titem_id:token\ttimestamp:float\nu\ta\t881250949123\n");
  Dataset dataset = Load();
  EXPECT_TRUE(dataset.has_unix_times);
  EXPECT_EQ(dataset.interactions[0].time_ms, 881250949123);
}

TEST_F(DatasetTest, TakesSmallTimesForAnOrder) {
  WriteInter("user_id:token\titem_id:token\ttimestamp:float\nu\ta\t7\n");
  Dataset dataset = Load();
  EXPECT_FALSE(dataset.has_unix_times);
  EXPECT_EQ(dataset.interactions[0].time_ms, 7000);
  EXPECT_THAT(dataset.context_attributes.schema, IsEmpty());
}

TEST_F(DatasetTest, KeepsTheOrderOfAUsersRowsWhereThereIsNoTime) {
  WriteInter("user_id:token\titem_id:token\nu\tb\nv\tc\nu\ta\n");
  Dataset dataset = Load();
  EXPECT_FALSE(dataset.has_unix_times);
  EXPECT_FALSE(dataset.has_times);
  EXPECT_EQ(dataset.items.ids[dataset.interactions[0].item], "b");
  EXPECT_EQ(dataset.items.ids[dataset.interactions[1].item], "a");
  EXPECT_EQ(dataset.interactions[1].time_ms, 0);  // Not known.
  EXPECT_EQ(dataset.interactions[2].value, 0);
}

TEST_F(DatasetTest, KeepsContextColumnsWithTheirInteraction) {
  WriteInter(
      "user_id:token\tdevice:token\titem_id:token\ttimestamp:float\tdwell:float\n"
      "u\ttv\ta\t3\t1.5\n"
      "u\t\tb\t2\t1.5\n"
      "u\tphone\tc\t1\t1.5\n");
  Dataset dataset = Load();
  EXPECT_EQ(dataset.context_attributes.schema.size(), 1u);
  EXPECT_THAT(Names(dataset.context_attributes, 0), ElementsAre("device=phone"));
  EXPECT_THAT(Names(dataset.context_attributes, 1), IsEmpty());
  EXPECT_THAT(Names(dataset.context_attributes, 2), ElementsAre("device=tv"));
}

TEST_F(DatasetTest, ReadsItemAttributesOfEveryType) {
  WriteInter(kInter);
  WriteItem(
      "item_id:token\tmovie_title:token_seq\tyear:float\tgenre:token_seq\tstudio:token\t"
      "vector:float_seq\n"
      "i1\tToy Story\t1995\tComedy Animation Comedy\tPixar\t1 2\n"
      "i2\tHeat\t\tThriller\t\t\n");
  Dataset dataset = Load();
  EXPECT_THAT(dataset.items.ids, ElementsAre("i1", "i2", "i3"));
  EXPECT_THAT(dataset.items.titles, ElementsAre("Toy Story", "Heat", ""));
  ASSERT_EQ(dataset.items.schema.size(), 3u);
  EXPECT_THAT(Names(dataset.items, 0),
              ElementsAre("year=1995", "genre=Animation", "genre=Comedy", "studio=Pixar"));
  EXPECT_THAT(Names(dataset.items, 1), ElementsAre("genre=Thriller"));
  EXPECT_THAT(Names(dataset.items, 2), IsEmpty());
  EXPECT_EQ(dataset.items.vector_dim, 2u);
  EXPECT_THAT(dataset.items.vectors, ElementsAre(1, 2, 0, 0, 0, 0));
  ASSERT_EQ(dataset.items.numbers.size(), 1u);
  EXPECT_EQ(dataset.items.numbers[0][0], 1995);
  EXPECT_TRUE(std::isnan(dataset.items.numbers[0][1]));
  EXPECT_THAT(dataset.items.interaction_counts, ElementsAre(2, 0, 2));
}

TEST_F(DatasetTest, PutsNumbersIntoBucketsNamedAfterTheirRange) {
  WriteInter("user_id:token\titem_id:token\nu\t1900\n");
  std::string items = "item_id:token\trelease_year:token\n";
  for (int year = 1900; year < 2000; ++year)
    items += std::to_string(year) + "\t" + std::to_string(year) + "\n";
  WriteItem(items);
  Dataset dataset = Load();
  const AttributeFieldData& field = dataset.items.schema[0];
  EXPECT_EQ(field.type, AttributeType::kNumber);
  EXPECT_THAT(field.bucket_edges,
              ElementsAre(1910, 1920, 1930, 1940, 1950, 1960, 1970, 1980, 1990));
  EXPECT_EQ(field.values.size(), 10u);
  EXPECT_EQ(field.values.front(), "1900..1909");
  EXPECT_THAT(Names(dataset.items, 9), ElementsAre("release_year=1900..1909"));
  EXPECT_THAT(Names(dataset.items, 10), ElementsAre("release_year=1910..1919"));
}

TEST_F(DatasetTest, GivesFewNumbersABucketEach) {
  WriteInter("user_id:token\titem_id:token\nu\ta\n");
  WriteItem("item_id:token\tstars:float\na\t1\nb\t1\nc\t1\nd\t2.5\ne\t1\nf\t1\n");
  Dataset dataset = Load();
  EXPECT_THAT(dataset.items.schema[0].values, ElementsAre("1", "2.5"));
  EXPECT_THAT(dataset.items.schema[0].bucket_edges, ElementsAre(2.5));
}

TEST_F(DatasetTest, KeepsTokensThatOnlyLookLikeNumbers) {
  WriteInter("user_id:token\titem_id:token\nu\ta\n");
  WriteItem("item_id:token\tlanguage:token\tshelf:token\na\ten\t7\nb\t12\t8\n");
  Dataset dataset = Load();
  EXPECT_EQ(dataset.items.schema[0].type, AttributeType::kToken);
  EXPECT_EQ(dataset.items.schema[1].type, AttributeType::kToken);
}

TEST_F(DatasetTest, TakesAFewTokensAmongNumbersForMissing) {
  WriteInter("user_id:token\titem_id:token\nu\t0\n");
  std::string items = "item_id:token\tyear:token\n";
  for (int i = 0; i < 100; ++i) items += std::to_string(i) + "\t" + std::to_string(1900 + i) + "\n";
  WriteItem(items + "v\tunknown\n");
  Dataset dataset = Load();
  EXPECT_EQ(dataset.items.schema[0].type, AttributeType::kNumber);
  EXPECT_TRUE(std::isnan(dataset.items.numbers[0][100]));
  EXPECT_THAT(Names(dataset.items, 100), IsEmpty());

  WriteItem(items + "v\tunknown\nw\tunknown\n");
  EXPECT_EQ(Load().items.schema[0].type, AttributeType::kToken);
}

TEST_F(DatasetTest, LeavesOutUserFieldsThatIdentifyUsers) {
  WriteInter(kInter);
  WriteUser(
      "user_id:token\tage:token\tgender:token\tzip_code:token\n"
      "u1\t24\tM\t85711\nu2\t53\tF\t94043\nu3\t33\tF\t32067\nu4\t33\tM\t\n");
  Dataset dataset = Load();
  EXPECT_THAT(dataset.user_ids, ElementsAre("u1", "u2", "u3", "u4"));
  ASSERT_EQ(dataset.user_attributes.schema.size(), 2u);
  EXPECT_EQ(dataset.user_attributes.schema[0].type, AttributeType::kNumber);
  EXPECT_THAT(Names(dataset.user_attributes, 0), ElementsAre("age=24", "gender=M"));
  EXPECT_THAT(Names(dataset.user_attributes, 2), ElementsAre("age=33", "gender=F"));
}

TEST_F(DatasetTest, GivesUsersNoAttributesWithoutAUserFile) {
  WriteInter(kInter);
  Dataset dataset = Load();
  EXPECT_THAT(dataset.user_attributes.schema, IsEmpty());
  EXPECT_THAT(dataset.user_attributes.offsets, ElementsAre(0, 0, 0));
}

TEST_F(DatasetTest, AcceptsCrlfAndAMissingLastLineEnd) {
  WriteInter("user_id:token\titem_id:token\r\nu\ta\r\nu\tb");
  Dataset dataset = Load();
  EXPECT_THAT(dataset.items.ids, ElementsAre("a", "b"));
}

TEST_F(DatasetTest, TakesTheOnlyInterFileWhateverItsName) {
  folder_.Write("toy/other.inter", kInter);
  EXPECT_EQ(Load().name, "other");
}

TEST_F(DatasetTest, FindsTheNameOfAFolderGivenWithATrailingSlash) {
  WriteInter(kInter);
  folder_.Write("toy/other.inter", kInter);
  EXPECT_EQ(LoadDataset(folder_ / "toy/", {})->name, "toy");
}

TEST_F(DatasetTest, NamesAMissingFolderOrFile) {
  EXPECT_THAT(LoadError(), HasSubstr((folder_ / "toy").string()));
  folder_.Write("toy/a.inter", kInter);
  folder_.Write("toy/b.inter", kInter);
  EXPECT_THAT(LoadError(), HasSubstr("no toy.inter and more than one other"));
}

TEST_F(DatasetTest, NamesFileLineAndReasonOfABadInteraction) {
  const std::string header = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n";
  struct Case {
    std::string row;
    std::string reason;
  };
  const Case cases[] = {
      {"u\ta\t3", "expected 4 columns, found 3"},
      {"u\ta\t3\t4\t5", "expected 4 columns, found 5"},
      {"u", "expected 4 columns, found 1"},
      {"\ta\t3\t4", "user_id is empty"},
      {"u\t\t3\t4", "item_id is empty"},
      {std::string(257, 'x') + "\ta\t3\t4", "user_id is longer than 256 bytes"},
      {"u\xff\ta\t3\t4", "malformed UTF-8"},
      {"u\ta\tgood\t4", "rating is not a finite number: \"good\""},
      {"u\ta\t3\tinf",
       "timestamp is neither a finite number nor a date such as 2019-01-31 12:00:00: \"inf\""},
  };
  for (const Case& c : cases) {
    WriteInter(header + "u\ta\t3\t4\n" + c.row + "\nu\tb\t3\t4\n");
    EXPECT_EQ(LoadError(), Path("inter") + ":3: " + c.reason);
    Dataset dataset = Load({.skip_bad_rows = true});
    EXPECT_EQ(dataset.summary.bad_rows, 1u);
    EXPECT_THAT(dataset.user_ids, ElementsAre("u"));
    EXPECT_THAT(dataset.items.ids, ElementsAre("a", "b"));
  }
}

TEST_F(DatasetTest, NamesFileLineAndReasonOfABadItemOrUser) {
  WriteInter(kInter);
  WriteItem("item_id:token\tyear:float\ni1\t1995\ni1\t1996\n");
  EXPECT_EQ(LoadError(), Path("item") + ":3: a second row for the item \"i1\"");
  WriteItem("item_id:token\tyear:float\ni1\t1995\n");
  WriteUser("user_id:token\tage:float\nu9\t1\nu9\t2\n");
  EXPECT_EQ(LoadError(), Path("user") + ":3: a second row for the user \"u9\"");
}

TEST_F(DatasetTest, RefusesAHeaderItCannotUse) {
  struct Case {
    std::string header;
    std::string reason;
  };
  const Case cases[] = {
      {"", "there is no header"},
      {"user_id\titem_id:token\tprice\n", "\"price\" is not of the form field:type"},
      {"user_id:string\titem_id:token\n", "\"user_id:string\" has an unknown type"},
      {"user_id:token\tuser_id:token\n", "two columns \"user_id\""},
      {"person:token\titem_id:token\n", "there is no column for the user"},
      {"user_id:token\tthing:token\n", "there is no column for the item"},
      {"user_id:float\titem_id:token\n", "the ids in column user_id must be of type token"},
      {"user_item:token\trating:float\n", "user and item must be in different columns"},
  };
  for (const Case& c : cases) {
    WriteInter(c.header);
    EXPECT_THAT(LoadError(), HasSubstr(Path("inter") + ":1: " + c.reason));
    EXPECT_FALSE(LoadDataset(folder_ / "toy", {.skip_bad_rows = true}).ok());
  }
}

// "USER:ITEM" of each.
std::vector<std::string> Pairs(const Dataset& dataset,
                               const std::vector<DatasetInteraction>& interactions) {
  std::vector<std::string> pairs;
  for (const DatasetInteraction& interaction : interactions)
    pairs.push_back(dataset.user_ids[interaction.user] + ":" + dataset.items.ids[interaction.item]);
  return pairs;
}

TEST_F(DatasetTest, WhatALabelOf0RefusesIsNoInteraction) {
  WriteInter(
      "user_id:token\titem_id:token\tlabel:float\n"
      "u\ta\t1\nu\tb\t0\nv\tb\t0\nv\tc\t1\nv\td\t\n");
  const Dataset dataset = Load();
  EXPECT_THAT(Pairs(dataset, dataset.interactions), ElementsAre("u:a", "v:c"));
  ASSERT_THAT(Pairs(dataset, dataset.refused), ElementsAre("u:b", "v:b"));
  EXPECT_EQ(dataset.refused[0].worth, -1);
  EXPECT_THAT(dataset.items.interaction_counts, ElementsAre(1, 0, 1, 0));
  EXPECT_EQ(dataset.summary.refused, 2u);
  EXPECT_EQ(dataset.summary.worth_nothing, 1u);
  EXPECT_THAT(dataset.summary.worth, HasSubstr("label: 1 is positive (2 rows), 0 is refused (2"));
  EXPECT_THAT(dataset.context_attributes.schema, IsEmpty());
}

TEST_F(DatasetTest, WhatARatingThatIsOnlyEver0Or1RefusesIsNoInteraction) {
  WriteInter("user_id:token\titem_id:token\trating:float\nu\ta\t1\nu\tb\t0\nv\tb\t0.0\n");
  const Dataset dataset = Load();
  EXPECT_THAT(Pairs(dataset, dataset.interactions), ElementsAre("u:a"));
  EXPECT_THAT(Pairs(dataset, dataset.refused), ElementsAre("u:b", "v:b"));
}

TEST_F(DatasetTest, RulesOfTheSpecSayWhatInteractionsAreWorthAndOptionsOverrideThem) {
  WriteInter(
      "user_id:token\titem_id:token\trating:float\tevent:token\n"
      "u\ta\t5\tview\nu\tb\t3\tview\nu\tc\t1\tview\nu\td\t1\tbuy\n");
  EXPECT_EQ(Load().interactions.size(), 4u);
  folder_.Write("toy/toy.spec.txtpb",
                "worth { column: \"event\" is: \"buy\" worth: 2 }\n"
                "worth { column: \"rating\" at_least: 4 worth: 1 }\n"
                "worth { column: \"rating\" at_most: 2 worth: -1 }\n");
  const Dataset declared = Load();
  ASSERT_THAT(Pairs(declared, declared.interactions), ElementsAre("u:a", "u:d"));
  EXPECT_EQ(declared.interactions[1].worth, 2);
  EXPECT_THAT(Pairs(declared, declared.refused), ElementsAre("u:c"));
  const Dataset overridden = Load(
      {.worth = {{.column = "rating", .condition = WorthRule::Condition::kAtLeast, .bound = 3}}});
  EXPECT_THAT(Pairs(overridden, overridden.interactions), ElementsAre("u:a", "u:b"));
  EXPECT_THAT(overridden.refused, IsEmpty());
  folder_.Write("toy/toy.spec.txtpb", "time_unit: HOURS");
  EXPECT_THAT(LoadError(), HasSubstr(Path("spec.txtpb") + ":1:"));
}

TEST_F(DatasetTest, RefusesADatasetThatIsWorthNothing) {
  WriteInter("user_id:token\titem_id:token\tlabel:float\nu\ta\t0\nu\tb\t0\n");
  EXPECT_THAT(LoadError(), HasSubstr("no interaction is left that is worth more than 0 (label"));
}

TEST_F(DatasetTest, DeclaredSentinelsAreNoRatings) {
  WriteInter("user_id:token\titem_id:token\trating:float\nu\ta\t-1\nu\tb\t7\nu\tc\t1\n");
  folder_.Write("toy/toy.spec.txtpb", "columns { name: \"rating\" missing: \"-1\" }");
  const Dataset dataset = Load();
  ASSERT_EQ(dataset.interactions.size(), 3u);
  EXPECT_EQ(dataset.interactions[0].value, 0);  // None.
  EXPECT_EQ(dataset.interactions[1].value, 7);
}

TEST_F(DatasetTest, TheSpecNamesColumnsThatThereAre) {
  WriteInter("user_id:token\titem_id:token\trating:float\nu\ta\t4\n");
  WriteItem("item_id:token\tkind:token\na\tA\n");
  folder_.Write("toy/toy.spec.txtpb",
                "columns { name: \"kind\" } columns { name: \"ratting\" min: 4 }");
  EXPECT_EQ(LoadError(), Path("spec.txtpb") +
                             ": columns: none of the data set's files has a column \"ratting\"");
}

TEST_F(DatasetTest, ReadsTimesOfEveryKindAndDerivesTheContext) {
  WriteInter(
      "user_id:token\titem_id:token\ttimestamp:float\n"
      "u\td\t20190101120003\nu\ta\t1546344000\nu\tb\t1546344001000\nu\tc\t1546344002000000\n"
      "u\te\t2019-01-01 12:00:04\n");
  const Dataset dataset = Load();
  EXPECT_TRUE(dataset.has_unix_times);
  ASSERT_THAT(Pairs(dataset, dataset.interactions), ElementsAre("u:a", "u:b", "u:c", "u:d", "u:e"));
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(dataset.interactions[i].time_ms, 1546344000000 + 1000 * static_cast<int64_t>(i));
    EXPECT_THAT(Names(dataset.context_attributes, i),
                ElementsAre("daypart=afternoon", "weekday=Tue"));
  }
  EXPECT_THAT(dataset.summary.time, HasSubstr("dates (40.0 %)"));
}

TEST_F(DatasetTest, NamesFileAndLineOfATimeThatFitsNoUnit) {
  WriteInter(
      "user_id:token\titem_id:token\ttimestamp:float\n"
      "u\ta\t1546344000\nu\tb\t12\nu\tc\t1546344002\nu\td\t13\n");
  EXPECT_EQ(LoadError(),
            Path("inter") +
                ":3: timestamp fits no unit of time, nor does it in 2 rows (50.0 %) in all, beside "
                "seconds: \"12\"; time_unit in the data set's spec declares one");
  const Dataset dataset = Load({.skip_bad_rows = true});
  EXPECT_THAT(Pairs(dataset, dataset.interactions), ElementsAre("u:a", "u:c"));
  EXPECT_EQ(dataset.summary.bad_rows, 2u);
  folder_.Write("toy/toy.spec.txtpb", "time_unit: TIME_UNIT_SECONDS");
  EXPECT_EQ(Load().interactions[0].time_ms, 12'000);
}

TEST_F(DatasetTest, TimesThatAreNotKnownComeFirstAndHaveNoContext) {
  WriteInter(
      "user_id:token\titem_id:token\ttimestamp:float\tdevice:token\n"
      "u\ta\t1546344000\ttv\nu\tb\t\ttv\nu\tc\t0\ttv\nu\td\t-1\ttv\n");
  const Dataset dataset = Load();
  ASSERT_EQ(dataset.interactions.size(), 4u);
  EXPECT_EQ(dataset.summary.unknown_times, 3u);
  EXPECT_EQ(Pairs(dataset, dataset.interactions)[3], "u:a");
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(dataset.interactions[i].time_ms, 0);
    EXPECT_THAT(Names(dataset.context_attributes, i), ElementsAre("device=tv"));
  }
  EXPECT_THAT(Names(dataset.context_attributes, 3),
              ElementsAre("daypart=afternoon", "weekday=Tue", "device=tv"));
  WriteInter("user_id:token\titem_id:token\ttimestamp:float\nu\tb\t0\nu\ta\t0\nu\tc\t-1\n");
  EXPECT_FALSE(Load().has_times);
  EXPECT_THAT(Pairs(Load(), Load().interactions), ElementsAre("u:b", "u:a", "u:c"));
}

TEST_F(DatasetTest, TheSpecLeavesOutDuplicatesTheRareAndWhatIsOutOfRange) {
  WriteInter(
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
      "u\ta\t1\t1\nu\ta\t2\t2\nu\tb\t3\t3\nv\ta\t3\t1\nv\tb\t4\t2\nw\tc\t5\t1\nv\td\t9\t5\n");
  WriteItem("item_id:token\tkind:token\na\tA\nb\tB\nc\tC\nx\tX\n");
  folder_.Write("toy/toy.spec.txtpb",
                "duplicates: DUPLICATES_LAST min_user_interactions: 2 min_item_interactions: 2\n"
                "columns { name: \"rating\" max: 5 }\n");
  const Dataset dataset = Load();
  ASSERT_THAT(Pairs(dataset, dataset.interactions), ElementsAre("u:a", "u:b", "v:a", "v:b"));
  EXPECT_EQ(dataset.interactions[0].value, 2);
  EXPECT_THAT(dataset.user_ids, ElementsAre("u", "v"));
  EXPECT_THAT(dataset.items.ids, ElementsAre("a", "b"));  // Not those without interactions, either.
  EXPECT_THAT(Names(dataset.items, 1), ElementsAre("kind=B"));
  EXPECT_EQ(dataset.summary.rows, 7u);
  EXPECT_EQ(dataset.summary.out_of_range, 1u);
  EXPECT_EQ(dataset.summary.later_or_earlier, 1u);
  EXPECT_EQ(dataset.summary.rare, 1u);
}

TEST_F(DatasetTest, WhatTheTestOfAFixedSplitRefusesIsNotKnown) {
  folder_.Write("toy/toy.train.inter",
                "user_id:token\titem_id:token\tlabel:float\nu\ta\t1\nu\tb\t0\n");
  folder_.Write("toy/toy.test.inter",
                "user_id:token\titem_id:token\tlabel:float\nu\tc\t1\nu\td\t0\n");
  const Dataset dataset = Load({.fixed_split = true});
  EXPECT_THAT(Pairs(dataset, dataset.interactions), ElementsAre("u:a", "u:c"));
  EXPECT_THAT(Pairs(dataset, dataset.refused), ElementsAre("u:b"));
  EXPECT_EQ(dataset.summary.test_refused, 1u);
  EXPECT_EQ(dataset.parts.size(), 2u);
}

TEST_F(DatasetTest, CountsUsersOfFewInteractionsAndOfRepeats) {
  WriteInter(
      "user_id:token\titem_id:token\nu\ta\nv\ta\nv\tb\nw\ta\nw\ta\nw\ta\nx\ta\nx\tb\nx\tc\n");
  const DatasetSummary summary = Load().summary;
  EXPECT_EQ(summary.users, 4u);
  EXPECT_EQ(summary.users_below_3, 2u);
  EXPECT_EQ(summary.users_of_repeats, 1u);
  EXPECT_EQ(summary.repeats, 2u);
}

// All that models can see of a data set.
std::string Fingerprint(const Dataset& dataset) {
  std::string text = absl::StrJoin(dataset.user_ids, ",") + "|" +
                     absl::StrJoin(dataset.items.ids, ",") + "|" +
                     absl::StrJoin(dataset.items.interaction_counts, ",") + "\n";
  auto add = [&](const std::vector<DatasetInteraction>& interactions) {
    for (const DatasetInteraction& i : interactions)
      absl::StrAppend(&text, i.user, " ", i.item, " ", i.time_ms, " ", i.value, " ", i.worth, "\n");
  };
  add(dataset.interactions);
  add(dataset.refused);
  for (size_t i = 0; i < dataset.interactions.size(); ++i)
    absl::StrAppend(&text, absl::StrJoin(Names(dataset.context_attributes, i), ","), ";",
                    absl::StrJoin(CodesOf(dataset.context_attributes, i), ","), "\n");
  for (size_t item = 0; item < dataset.items.ids.size(); ++item)
    absl::StrAppend(&text, absl::StrJoin(Names(dataset.items, item), ","), "\n");
  return text;
}

// Rows of made-up users, some times shared, unknown or of other units, labels and contexts.
std::vector<std::string> MadeUpRows(bool has_times) {
  std::mt19937_64 random(7);
  std::vector<std::string> rows;
  for (int i = 0; i < 400; ++i) {
    const int64_t second = 1546344000 + static_cast<int64_t>(random() % 40);
    const std::string times[] = {absl::StrCat(second), absl::StrCat(second, "000"),
                                 absl::StrCat(second), "", "-1"};
    const char* devices[] = {"tv", "phone", ""};
    rows.push_back(absl::StrCat("u", random() % 20, "\ti", random() % 30, "\t", random() % 2, "\t",
                                devices[random() % 3]));
    if (has_times) absl::StrAppend(&rows.back(), "\t", times[random() % 5]);
  }
  return rows;
}

TEST_F(DatasetTest, TheOrderOfRowsIsOfNoAccountWhereThereAreTimes) {
  std::vector<std::string> rows = MadeUpRows(/*has_times=*/true);
  std::vector<std::string> items = {"i1\tA B", "i2\tB C", "i40\tC", "i3\t"};
  std::mt19937_64 random(3);
  std::string first;
  for (int round = 0; round < 10; ++round) {
    WriteInter("user_id:token\titem_id:token\tlabel:float\tdevice:token\ttimestamp:float\n" +
               absl::StrJoin(rows, "\n") + "\n");
    WriteItem("item_id:token\tkind:token_seq\n" + absl::StrJoin(items, "\n") + "\n");
    const std::string fingerprint = Fingerprint(Load());
    if (round == 0) first = fingerprint;
    ASSERT_EQ(fingerprint, first);
    std::shuffle(rows.begin(), rows.end(), random);
    std::rotate(items.begin(), items.begin() + 1, items.end() - 1);
  }
}

TEST_F(DatasetTest, HowUsersAreInterleavedIsOfNoAccountWhereThereAreNoTimes) {
  std::vector<std::string> rows = MadeUpRows(/*has_times=*/false);
  auto load = [&] {
    WriteInter("user_id:token\titem_id:token\tlabel:float\tdevice:token\n" +
               absl::StrJoin(rows, "\n") + "\n");
    return Fingerprint(Load());
  };
  const std::string interleaved = load();
  auto user_of = [](const std::string& row) { return row.substr(0, row.find('\t')); };
  std::stable_sort(rows.begin(), rows.end(), [&](const std::string& a, const std::string& b) {
    return user_of(a) > user_of(b);
  });
  EXPECT_EQ(load(), interleaved);
  std::reverse(rows.begin(), rows.end());  // Of every user, too.
  EXPECT_NE(load(), interleaved);
}

TEST_F(DatasetTest, RefusesADatasetWithoutInteractions) {
  WriteInter("user_id:token\titem_id:token\n");
  EXPECT_EQ(LoadError(), Path("inter") + ": there are no interactions");
}

TEST(SharedDataset, MovieLens100KHasItsUsersItemsAndRatings) {
  std::filesystem::path folder = SharedDataset("ml-100k");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  absl::StatusOr<Dataset> dataset = LoadDataset(folder, {});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  EXPECT_EQ(dataset->user_ids.size(), 943u);
  EXPECT_EQ(dataset->items.ids.size(), 1682u);
  EXPECT_EQ(dataset->interactions.size(), 100000u);
  EXPECT_TRUE(dataset->has_unix_times);
  EXPECT_EQ(dataset->items.titles.size(), 1682u);
  std::vector<std::string> user_fields;
  for (const auto& field : dataset->user_attributes.schema) user_fields.push_back(field.name);
  EXPECT_THAT(user_fields, ElementsAre("age", "gender", "occupation"));
  EXPECT_EQ(dataset->items.schema[0].name, "release_year");
  EXPECT_EQ(dataset->items.schema[0].type, AttributeType::kNumber);
}

TEST(SharedDataset, BeautyHasItsUsersItemsAndReviews) {
  std::filesystem::path folder = SharedDataset("beauty");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  absl::StatusOr<Dataset> dataset = LoadDataset(folder, {});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  EXPECT_EQ(dataset->user_ids.size(), 22363u);
  EXPECT_EQ(dataset->items.ids.size(), 12101u);
  EXPECT_EQ(dataset->interactions.size(), 198502u);
  EXPECT_FALSE(dataset->has_unix_times);
}

}  // namespace
}  // namespace shortlist
