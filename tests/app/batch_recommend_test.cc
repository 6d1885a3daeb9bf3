#include "app/batch_recommend.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/files.h"
#include "pipeline/local_pipeline.h"
#include "state/sqlite/sqlite_state_store.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kTime = 1'700'000'000'000;

class BatchRecommendTest : public ::testing::Test {
 protected:
  BatchRecommendTest() {
    request_.set_count(5);
    request_.mutable_context()->set_time_ms(kTime);
    options_.models = SharedTestModels().folder();
    options_.out = folder_ / "answers.jsonl";
    options_.threads = 2;
  }
  std::vector<nlohmann::json> Lines() {
    const absl::Status status = RecommendToMany(request_, options_);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<nlohmann::json> lines;
    std::istringstream stream(ReadFile(options_.out).value_or(""));
    for (std::string line; std::getline(stream, line);)
      lines.push_back(nlohmann::json::parse(line));
    return lines;
  }
  std::string Error() { return std::string(RecommendToMany(request_, options_).message()); }

  TemporaryFolder folder_;
  v1::RecommendRequest request_;
  BatchOptions options_;
};

TEST_F(BatchRecommendTest, AnswersEveryUserOfTheStoreAsThePipelineDoes) {
  const std::vector<nlohmann::json> lines = Lines();
  const std::shared_ptr<const Bundle>& bundle = SharedTestModels().bundle();
  ASSERT_EQ(lines.size(), SharedTestModels().dataset().user_ids.size());
  const auto store = *SqliteStateStore::Open(SharedTestModels().state_db(), StateProjection());
  const LocalPipeline pipeline;
  for (const nlohmann::json& line : lines) {
    Query query{.count = 5};
    query.context.time_ms = kTime;
    ASSERT_TRUE(
        store->Read(UserKey(line["user_id"].get<std::string>()), query.user).value_or(false));
    BoundQuery bound(query, bundle);
    const absl::StatusOr<Answer> answer = pipeline.Run(bound);
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_EQ(line["items"].size(), 5u);
    for (size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(line["items"][i]["item_id"], bundle->catalog.id(answer->items[i].item));
      EXPECT_EQ(line["items"][i]["score"].get<float>(), answer->items[i].score);
    }
  }
}

TEST_F(BatchRecommendTest, ChangesOfTheCatalogThatTheStoreKnowsCount) {
  options_.users = folder_.Write("users", "u3\n");
  const std::string best = Lines()[0]["items"][0]["item_id"];
  options_.state = folder_ / "state.db";
  std::filesystem::copy(SharedTestModels().state_db(), options_.state);
  v1::LogEntry entry;
  entry.mutable_item()->set_item_id(best);
  entry.mutable_item()->mutable_deletion();
  ASSERT_TRUE(
      SqliteStateStore::Open(options_.state, StateProjection()).value()->Append({&entry, 1}).ok());
  const std::vector<nlohmann::json> lines = Lines();
  ASSERT_EQ(lines[0]["items"].size(), 5u);
  for (const nlohmann::json& item : lines[0]["items"]) EXPECT_NE(item["item_id"], best);
}

TEST_F(BatchRecommendTest, KeepsTheOrderOfAFileOfUsersWhateverTheThreads) {
  std::string ids = "u9\r\nnobody knows me\n\nu3\n";
  options_.users = folder_.Write("users", ids);
  const std::vector<nlohmann::json> lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["user_id"], "u9");
  EXPECT_EQ(lines[1]["user_id"], "nobody knows me");
  EXPECT_EQ(lines[1]["items"].size(), 5u);
  EXPECT_EQ(lines[2]["user_id"], "u3");
  options_.threads = 1;
  EXPECT_EQ(Lines(), lines);
}

TEST_F(BatchRecommendTest, LeavesNoFileWhereItFails) {
  options_.users = folder_ / "none";
  EXPECT_THAT(Error(), HasSubstr(options_.users));
  options_.users = folder_.Write("users", "fine\n" + std::string(257, 'x') + "\n");
  EXPECT_THAT(Error(), HasSubstr("id 2 has more than 256 bytes"));
  options_.users = "all";
  request_.set_count(1000);
  EXPECT_THAT(Error(), HasSubstr("count: must be 1 to 200, is 1000"));
  request_.set_count(5);
  v1::AttributeCondition& condition = *request_.mutable_filter()->add_all_of();
  condition.set_attribute("hue");
  condition.mutable_any_value()->add_values("red");
  EXPECT_THAT(Error(), HasSubstr("hue"));  // When the first user is answered.
  EXPECT_FALSE(std::filesystem::exists(options_.out));
  EXPECT_FALSE(std::filesystem::exists(options_.out.string() + ".partial"));
  request_.clear_filter();
  options_.out = folder_ / "none/answers.jsonl";
  EXPECT_THAT(Error(), HasSubstr("--out: "));
}

}  // namespace
}  // namespace shortlist
