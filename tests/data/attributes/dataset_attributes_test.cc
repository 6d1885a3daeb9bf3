#include "data/attributes/dataset_attributes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "features/user_state.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/captured_log.h"
#include "tests/support/datasets/npy_bytes.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DatasetAttributesTest : public ::testing::Test {
 protected:
  absl::Status ReadItems(const std::string& content) {
    Open("toy.item", content);
    Interner ids;
    BadRows bad_rows(/*skip=*/false);
    items_ = {};
    return ReadItemAttributes(&*file_, spec_, ids, {{}, false}, bad_rows, notes_, items_).status();
  }
  std::vector<std::string> ItemFields() {
    std::vector<std::string> names;
    for (const AttributeFieldData& field : items_.schema) names.push_back(field.name);
    return names;
  }
  void Open(const std::string& name, const std::string& content) {
    auto file = AtomicFile::Open(folder_.Write(name, content));
    ASSERT_TRUE(file.ok()) << file.status();
    file_.emplace(*std::move(file));
  }

  TemporaryFolder folder_;
  std::optional<AtomicFile> file_;
  DatasetSpec spec_;
  LoadNotes notes_;
  CatalogData items_;
};

TEST_F(DatasetAttributesTest, TakesVectorsOfItemsAndSaysWhyNot) {
  const CapturedLog log;
  ASSERT_TRUE(
      ReadItems("item_id:token\tpicture:float_seq\tkind:token\nb\t3 4\tx\na\t1 2\ty\n").ok());
  EXPECT_THAT(items_.vectors, ElementsAre(1, 2, 3, 4));  // In the order of the ids.
  EXPECT_THAT(ItemFields(), ElementsAre("kind"));
  ASSERT_TRUE(ReadItems("item_id:token\tpicture:float_seq\na\t1 2\nb\t1\n").ok());
  EXPECT_EQ(items_.vector_dim, 0u);
  EXPECT_THAT(log.text(), HasSubstr("column picture has vectors of 2 numbers"));
  EXPECT_THAT(log.text(), HasSubstr("column picture is ignored: lists of 2 and of 1 numbers"));
}

TEST_F(DatasetAttributesTest, TakesVectorsOfTheFileBesideTheItems) {
  const CapturedLog log;
  folder_.Write("toy.item.npy", NpyBytes(3, 2, {5, 6, 1, 2, 3, 4}));
  ASSERT_TRUE(ReadItems("item_id:token\tkind:token\nc\tx\na\tx\n\nb\ty\n").ok());
  EXPECT_EQ(items_.vector_dim, 2u);
  EXPECT_THAT(items_.vectors, ElementsAre(1, 2, 3, 4, 5, 6));  // In the order of the ids.
  EXPECT_THAT(log.text(), HasSubstr("toy.item.npy: has vectors of 2 numbers"));
  EXPECT_THAT(std::string(ReadItems("item_id:token\na\n").message()),
              HasSubstr("toy.item.npy: has 3 rows, and the file of the items 1"));
  const absl::Status both = ReadItems("item_id:token\tpicture:float_seq\na\t1\nb\t2\nc\t3\n");
  EXPECT_EQ(both.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(both.message()),
              HasSubstr("toy.item.npy: vectors are in column picture of"));
}

TEST_F(DatasetAttributesTest, ReadsListsNumbersAndCodesAsTheyAreMeant) {
  const CapturedLog log;
  ASSERT_TRUE(ReadItems("item_id:token\tgenre:token_seq\tpackage:token\treleased:float\n"
                        "a\tDrama, War\t007\t20240228\n"
                        "b\tMartial Arts\t7\t20240229\n"
                        "c\tWar, Martial Arts\t7\t—\n")
                  .ok());
  EXPECT_THAT(items_.schema[0].values, ElementsAre("Drama", "Martial Arts", "War"));
  EXPECT_EQ(items_.schema[1].type, AttributeType::kToken);
  EXPECT_THAT(items_.schema[1].values, ElementsAre("007", "7"));
  EXPECT_THAT(items_.numbers[0], ElementsAre(20240228, 20240229, ::testing::IsNan()));
  EXPECT_THAT(log.text(), HasSubstr("toy.item: column genre: \",\" is in 2 of 3 cells (66.7 %)"));
  EXPECT_THAT(log.text(), HasSubstr("toy.item: column released: 1 of 3 cells (33.3 %), such as "
                                    "\"—\", are no numbers and taken as missing"));
}

TEST_F(DatasetAttributesTest, TheSpecHasTheLastWord) {
  spec_.columns = {
      {.name = "genre", .type = ColumnType::kRecognised, .separator = "/", .missing = {"none"}},
      {.name = "label", .type = ColumnType::kTitle, .separator = "", .missing = {}}};
  ASSERT_TRUE(ReadItems("item_id:token\tgenre:token\ttitle:token\tlabel:token\n"
                        "a\tR&B/Soul, Funk\tx\tOne, Two\nb\tnone\tx\tThree\n")
                  .ok());
  EXPECT_THAT(ItemFields(), ElementsAre("genre", "title"));
  EXPECT_EQ(items_.schema[0].type, AttributeType::kTokens);
  EXPECT_THAT(items_.schema[0].values, ElementsAre("R&B", "Soul, Funk"));
  EXPECT_THAT(items_.titles, ElementsAre("One, Two", "Three"));
  spec_.columns.push_back(
      {.name = "title", .type = ColumnType::kTitle, .separator = "", .missing = {}});
  EXPECT_THAT(std::string(ReadItems("item_id:token\ttitle:token\tlabel:token\n").message()),
              HasSubstr("columns title and label are both declared as title"));
}

TEST_F(DatasetAttributesTest, ACategorysNameStaysAnAttributeAndTitlesAreNoLists) {
  const CapturedLog log;
  ASSERT_TRUE(ReadItems("item_id:token\tcategory_name:token\tmovie_title:token_seq\n"
                        "a\tShoes\tAbyss, The\nb\tHats\tLion King, The\n")
                  .ok());
  EXPECT_THAT(ItemFields(), ElementsAre("category_name"));
  EXPECT_THAT(items_.titles, ElementsAre("Abyss, The", "Lion King, The"));
  EXPECT_THAT(log.text(), Not(HasSubstr("warning")));
}

TEST_F(DatasetAttributesTest, WarnsOfTokensThatLookLikeLists) {
  const CapturedLog log;
  ASSERT_TRUE(ReadItems("item_id:token\tgenre:token\na\tDrama|War\nb\tWar\nc\tDrama\n").ok());
  EXPECT_THAT(items_.schema[0].values, ElementsAre("Drama", "Drama|War", "War"));
  EXPECT_THAT(log.text(), HasSubstr("column genre: \"|\" is in 1 of 3 cells"));
}

TEST_F(DatasetAttributesTest, LeavesOutWhatIdentifies) {
  std::string content = "item_id:token\turl:token\tshape:token\n";
  for (size_t i = 0; i < kManyValues; ++i) absl::StrAppend(&content, i, "\tu", i, "\tround\n");
  ASSERT_TRUE(ReadItems(content).ok());
  EXPECT_THAT(ItemFields(), ElementsAre("shape"));

  Open("toy.user", "user_id:token\tzip:token\tgender:token\na\t1\tF\nb\t2\tM\nc\t3\tF\nd\t\tF\n");
  Interner ids;
  BadRows bad_rows(/*skip=*/false);
  const auto users = ReadUserAttributes(&*file_, spec_, ids, {{}, false}, bad_rows, notes_);
  ASSERT_TRUE(users.ok()) << users.status();
  ASSERT_EQ(users->codes.schema.size(), 1u);
  EXPECT_EQ(users->codes.schema[0].name, "gender");

  EXPECT_THAT(
      notes_.all(),
      ElementsAre("toy.item: column url is left out: more than half as many values as rows",
                  "toy.user: column zip is left out: more than half as many values as rows"));
}

TEST_F(DatasetAttributesTest, LeavesOutWhatNoRequestCanSayOfAUser) {
  std::string tags;
  for (size_t v = 0; v < kMaxAttributeValues + 2; ++v) absl::StrAppend(&tags, v, " ");
  const std::string long_value(kMaxTextBytes + 1, 'x');
  std::string header = "user_id:token\ttags:token_seq\thome:token";
  std::string more;  // Columns.
  for (size_t c = 2; c < kMaxAttributes + 1; ++c) {
    absl::StrAppend(&header, "\tc", c, ":token");
    more += "\tx";
  }
  Open("toy.user",
       absl::StrCat(header, "\na\t", tags, "\t", long_value, more, "\nb\t1 ", long_value, "\tZ",
                    more, "\nc\t1\tZ", more, "\nd\t1\t", long_value, more, "\n"));
  // As many values as there are would identify the users.
  spec_.columns = {{.name = "tags", .type = ColumnType::kTokens, .separator = " "}};
  Interner ids;
  for (const char* id : {"a", "b", "c", "d"}) ids.Intern(id);
  std::vector<std::string> other_ids;  // Which `ids` refers to.
  for (int i = 0; i < 1'000; ++i) other_ids.push_back(absl::StrCat("u", i));
  for (const std::string& id : other_ids) ids.Intern(id);
  BadRows bad_rows(/*skip=*/false);
  const auto users = ReadUserAttributes(&*file_, spec_, ids, {{}, false}, bad_rows, notes_);
  ASSERT_TRUE(users.ok()) << users.status();
  EXPECT_EQ(users->codes.schema.size(), kMaxAttributes);
  const size_t others = kMaxAttributes - 2;
  EXPECT_EQ(CodesOf(users->codes, 0).size(), kMaxAttributeValues + others);
  EXPECT_EQ(CodesOf(users->codes, 1).size(), 1 + 1 + others);
  EXPECT_EQ(CodesOf(users->codes, 2).size(), 1 + 1 + others);
  EXPECT_EQ(CodesOf(users->codes, 3).size(), 1 + others);
  EXPECT_THAT(notes_.all(),
              ElementsAre("toy.user: of 65 columns the first 64 are taken",
                          "toy.user: of lists with more than 256 values the first are taken, and "
                          "values of more than 256 bytes are left out: 5 in all"));
}

}  // namespace
}  // namespace shortlist
