#include "data/importing/table_import.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/files.h"
#include "data/dataset.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/captured_log.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class TableImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.interactions.files = {
        folder_.Write("log.csv",
                      "who,product_id,stars,when,device\n"
                      "u2,p1,5,2005-04-02 23:53:47,phone\nu1,p1,2,1112486028,tv\n"
                      "u1,p2,,1112486029,\n")};
    options_.items.files = {folder_.Write(
        "products.jsonl",
        "{\"product_id\": \"p1\", \"title\": \"Heat\", \"year\": 1995, \"genre\": [\"War\", "
        "\"Martial Arts\"]}\n{\"product_id\": \"p2\", \"title\": \"Alien\", \"year\": 1979}\n")};
    options_.users.files = {folder_.Write("people.tsv", "who\tcity\nu1\tRome\nu2\tOslo\n")};
    options_.spec.user_column = "who";
    options_.spec.time_column = "when";
    options_.contexts = {"device"};
  }
  std::string ImportError() {
    return std::string(ImportTables(options_, folder_ / "shop").status().message());
  }
  std::string Written(const std::string& ending) {
    return ReadFile(folder_ / "shop" / ("shop." + ending)).value_or("");
  }

  TemporaryFolder folder_;
  TableImportOptions options_;
};

TEST_F(TableImportTest, WritesWhatLoadDatasetReads) {
  const auto import = ImportTables(options_, folder_ / "shop");
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_EQ(import->interactions, 3u);
  EXPECT_EQ(import->users.count(), 2u);
  EXPECT_EQ(import->items.count(), 2u);
  EXPECT_EQ(
      Written("inter"),
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\tdevice:token\n"
      "u2\tp1\t5\t2005-04-02 23:53:47\tphone\nu1\tp1\t2\t1112486028\ttv\nu1\tp2\t\t1112486029\t\n");
  EXPECT_EQ(Written("item"),
            "item_id:token\ttitle:token_seq\tyear:float\tgenre:token_seq\n"
            "p1\tHeat\t1995\tWar|Martial Arts\np2\tAlien\t1979\t\n");
  EXPECT_EQ(Written("user"), "user_id:token\tcity:token\nu1\tRome\nu2\tOslo\n");
  const auto spec = ReadDatasetSpec(folder_ / "shop/shop.spec.txtpb");
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(*spec, import->plan.spec);
  EXPECT_EQ(spec->time_column, "timestamp");
  EXPECT_EQ(spec->FindColumn("genre")->separator, "|");

  const auto dataset = LoadDataset(folder_ / "shop", {});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  EXPECT_EQ(dataset->interactions.size(), 3u);
  EXPECT_EQ(dataset->user_ids.size(), 2u);
  EXPECT_TRUE(dataset->has_unix_times);
  std::vector<std::string> titles(dataset->items.titles.begin(), dataset->items.titles.end());
  std::sort(titles.begin(), titles.end());
  EXPECT_THAT(titles, ElementsAre("Alien", "Heat"));
}

TEST_F(TableImportTest, DeclaresWhatLoadDatasetApplies) {
  folder_.Write("log.csv",
                "who,product_id,stars,when,device\n"
                "u1,p1,5,1112486027,tv\nu1,p2,1,1112486028,tv\nu2,p1,-1,1112486029,tv\n"
                "u2,p2,2,1112486030,tv\nu2,p2,4,2005-04-02 23:53:51,tv\n");
  options_.spec.worth = {
      {.column = "stars", .condition = WorthRule::Condition::kAtLeast, .bound = 4, .worth = 1},
      {.column = "stars", .condition = WorthRule::Condition::kAtMost, .bound = 2, .worth = -1}};
  options_.spec.columns = {{.name = "stars", .missing = {"-1"}}};
  options_.spec.duplicates = Duplicates::kLast;
  ASSERT_TRUE(ImportTables(options_, folder_ / "shop").ok());
  const auto dataset = LoadDataset(folder_ / "shop", {});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  EXPECT_EQ(dataset->interactions.size(), 2u);  // 5, and the last of u2 and p2.
  EXPECT_EQ(dataset->refused.size(), 1u);       // 1. The one without a rating says nothing.
}

TEST_F(TableImportTest, StopsOrCountsAtBadRowsAndLeavesNothing) {
  folder_.Write("log.csv",
                "who,product_id,stars,when,device\nu,p,1,1,\nu,p,x,1,\nu,,1,1,\nu,p,1\n");
  EXPECT_THAT(ImportError(), EndsWith("log.csv:3: stars is not a finite number: \"x\""));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "shop"));
  options_.skip_bad_rows = true;
  const auto import = ImportTables(options_, folder_ / "shop");
  ASSERT_TRUE(import.ok());
  EXPECT_EQ(import->bad_rows, 3u);
  EXPECT_EQ(import->interactions, 1u);
  EXPECT_THAT(ImportError(), HasSubstr("shop is not empty"));
  options_.force = true;
  EXPECT_EQ(ImportError(), "");
}

TEST_F(TableImportTest, RefusesWhatIsSaidOfColumnsThatAreNotThere) {
  options_.spec.columns = {{.name = "colour", .missing = {"-"}}};
  EXPECT_EQ(ImportError(), "");  // A preset may.
  options_.needed = {"colour"};
  options_.force = true;
  EXPECT_THAT(ImportError(), HasSubstr("no table has a column colour"));
  EXPECT_EQ(ReadDatasetSpec(folder_ / "shop/shop.spec.txtpb")->FindColumn("colour"), nullptr);
}

TEST_F(TableImportTest, NeedsInteractions) {
  folder_.Write("log.csv", "who,product_id,stars,when,device\n");
  EXPECT_THAT(ImportError(), HasSubstr("log.csv: there are no interactions"));
}

TEST_F(TableImportTest, PlansWithoutWriting) {
  const auto plan = PlanTables(options_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->tables.size(), 3u);
  EXPECT_EQ(plan->tables[0].role, "interactions");
  EXPECT_EQ(plan->tables[1].role, "items");
  EXPECT_EQ(plan->tables[2].role, "users");
  EXPECT_TRUE(plan->tables[0].sample.whole);
  EXPECT_EQ(plan->spec.rating_column, "rating");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "shop"));
}

TEST_F(TableImportTest, ReadsAFolderOfParts) {
  folder_.Write("log/part-1.csv", "who,product_id\nu1,p1\n");
  folder_.Write("log/part-0.csv", "product_id,who\np2,u2\n");
  options_ = {};
  options_.spec.user_column = "who";
  options_.interactions.files = {folder_ / "log"};
  ASSERT_EQ(ImportError(), "");
  EXPECT_EQ(Written("inter"), "user_id:token\titem_id:token\nu2\tp2\nu1\tp1\n");
}

TEST_F(TableImportTest, DoesWhatThePlanSays) {
  std::string items = "product_id,size,genre,late\n";
  while (items.size() < 2 << 20) items += "p1,40,War,\n";
  items += "p2,large,War|Drama,x\np3,large,War|Action,x\n";
  options_.items.files = {folder_.Write("products.csv", items)};
  const auto plan = PlanTables(options_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto import = ImportTables(options_, folder_ / "shop");
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_EQ(import->plan.spec, plan->spec);
  EXPECT_THAT(Written("item"),
              ::testing::StartsWith("item_id:token\tsize:token\tgenre:token_seq\tlate:token\n"));
}

TEST_F(TableImportTest, RefusesJsonThatIsNoValue) {
  const auto error = [&](const std::string& user, const std::string& stars) {
    options_.interactions.files = {folder_.Write(
        "log.jsonl", "{\"who\": " + user + ", \"product_id\": \"p1\", \"stars\": " + stars +
                         ", \"other\": {\"x\": 1}}\n")};
    return ImportError();
  };
  options_.spec.time_column = "";
  options_.contexts = {};
  EXPECT_THAT(error("[\"a\", \"b\"]", "5"),
              EndsWith("log.jsonl:1: who is an array, not one value"));
  EXPECT_THAT(error("\"a\"", "{\"$n\": 5}"), EndsWith("stars is an object, not a value"));
  EXPECT_EQ(error("\"a\"", "5"), "");
}

TEST_F(TableImportTest, WarnsOfIdsThatMayMeanNothing) {
  folder_.Write("log.csv", "who,product_id,when,device\nNULL,p1,5,tv\nu,p1,6,tv\nNULL,p1,7,tv\n");
  const CapturedLog log;
  ASSERT_EQ(ImportError(), "");
  EXPECT_THAT(log.text(), HasSubstr("log.csv: 2 rows with ids such as who = \"NULL\""));
}

TEST_F(TableImportTest, LeavesDatesToLoadDataset) {
  folder_.Write("log.csv",
                "who,product_id,when,device\nu,p1,1972-01-01,tv\nu,p1,2019013112,tv\n"
                "v,p1,1/31/2019 1:00:00 PM,tv\n");
  options_.spec.time_unit = TimeUnit::kCalendar;
  ASSERT_EQ(ImportError(), "");
  const auto dataset = LoadDataset(folder_ / "shop", {});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  std::vector<int64_t> times;
  for (const auto& interaction : dataset->interactions) times.push_back(interaction.time_ms);
  EXPECT_THAT(
      times, ::testing::UnorderedElementsAre(63'072'000'000, 1'548'936'000'000, 1'548'939'600'000));
}

TEST_F(TableImportTest, FindsKeysThatOnlyLaterRowsHave) {
  std::string log;
  while (log.size() < 2 << 20) log += "{\"who\": \"u1\", \"product_id\": \"p1\"}\n";
  options_.interactions.files = {folder_.Write(
      "log.jsonl", log + "{\"who\": \"u2\", \"product_id\": \"p1\", \"rating\": 5}\n")};
  options_.spec.time_column = "";
  options_.contexts = {};
  ASSERT_EQ(ImportError(), "");
  EXPECT_THAT(Written("inter"), EndsWith("u2\tp1\t5\n"));
}

TEST_F(TableImportTest, ReadsColumnsThatNobodyNeedsWhateverTheirNames) {
  folder_.Write("log.csv", ",who,product_id,when,device,\n1,u1,p1,5,tv,\n");
  EXPECT_TRUE(PlanTables(options_).ok()) << PlanTables(options_).status();
  EXPECT_EQ(ImportError(), "");
  options_.interactions.files.push_back(
      folder_.Write("more.csv", "product_id,when,who,device\np2,6,u2,tv\n"));
  const auto plan = PlanTables(options_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->tables[0].sample.columns[1].examples, ElementsAre("u1", "u2"));
}

TEST_F(TableImportTest, KeepsIdsWithQuotesApart) {
  folder_.Write("log.csv", "who,product_id,when,device\n\"\"\"u\"\"\",p1,5,tv\nu,p1,6,tv\n");
  options_.users.files.clear();
  ASSERT_EQ(ImportError(), "");
  const auto dataset = LoadDataset(folder_ / "shop", {});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  EXPECT_THAT(std::vector<std::string>(dataset->user_ids.begin(), dataset->user_ids.end()),
              ElementsAre("\"u\"", "u"));
}

}  // namespace
}  // namespace shortlist
