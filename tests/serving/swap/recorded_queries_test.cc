#include "serving/swap/recorded_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Query Of(const std::string& user) {
  Query query;
  query.user.user_id = user;
  return query;
}

std::vector<std::string> Users(const std::vector<Query>& queries) {
  std::vector<std::string> users;
  for (const Query& query : queries) users.push_back(query.user.user_id);
  return users;
}

TEST(RecordedQueries, KeepsTheLatestInTheirOrder) {
  RecordedQueries recorded(3, 1);
  EXPECT_THAT(recorded.Latest(2), IsEmpty());
  recorded.Offer(Of("a"));
  recorded.Offer(Of("b"));
  EXPECT_THAT(Users(recorded.Latest(5)), ElementsAre("a", "b"));
  for (const char* user : {"c", "d", "e"}) recorded.Offer(Of(user));
  EXPECT_EQ(recorded.size(), 3u);
  EXPECT_THAT(Users(recorded.Latest(5)), ElementsAre("c", "d", "e"));
  EXPECT_THAT(Users(recorded.Latest(2)), ElementsAre("d", "e"));
}

TEST(RecordedQueries, KeepsEveryOneUntilThereAreEnoughAndThenEveryIntervalth) {
  RecordedQueries recorded(2, 4);
  for (const char* user : {"0", "1", "2", "3", "4", "5", "6", "7", "8"}) recorded.Offer(Of(user));
  EXPECT_THAT(Users(recorded.Latest(2)), ElementsAre("4", "8"));
}

TEST(RecordedQueries, KeepsNothingOfThoseWhoAskedToBeForgotten) {
  RecordedQueries recorded(2, 1);
  Query query = Of("a");
  query.user.is_forgotten = true;
  recorded.Offer(query);
  EXPECT_EQ(recorded.size(), 0u);
}

TEST(RecordedQueries, KeepsWhatAnAnswerDependsOnAndNoMoreThanTheEndOfAHistory) {
  Query query = Of("a");
  for (int i = 0; i < 1'500; ++i) query.user.history.push_back({.item_id = std::to_string(i)});
  query.user.attributes = {{.name = "gender", .values = {"F"}}};
  query.user.refused = {{.item_id = "refused"}};
  query.context.device = "phone";
  query.count = 7;
  query.candidate_count = 70;
  query.filter.all_of.push_back({.attribute = "genre"});
  query.candidate_item_ids = {"given"};
  query.excluded_item_ids = {"excluded"};
  query.include_seen = true;
  query.explain = true;
  const Query kept = RecordedQueries::Trimmed(query);
  ASSERT_EQ(kept.user.history.size(), 1'000u);
  EXPECT_EQ(kept.user.history.back().item_id, "1499");
  EXPECT_EQ(kept.user.attributes, query.user.attributes);
  EXPECT_EQ(kept.user.refused, query.user.refused);
  EXPECT_EQ(kept.context, query.context);
  EXPECT_EQ(kept.count, 7u);
  EXPECT_EQ(kept.candidate_count, 70u);
  EXPECT_EQ(kept.filter.all_of.at(0).attribute, "genre");
  EXPECT_EQ(kept.candidate_item_ids, query.candidate_item_ids);
  EXPECT_EQ(kept.excluded_item_ids, query.excluded_item_ids);
  EXPECT_TRUE(kept.include_seen);
  EXPECT_FALSE(kept.explain);
}

TEST(RecordedQueries, TakesThemFromManyThreadsWhileTheyAreRead) {
  RecordedQueries recorded(8, 2);
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 2'000; ++i) recorded.Offer(Of("user"));
    });
  std::thread reader([&] {
    while (!done)
      for (const Query& query : recorded.Latest(8)) ASSERT_EQ(query.user.user_id, "user");
  });
  for (std::thread& thread : threads) thread.join();
  done = true;
  reader.join();
  EXPECT_EQ(recorded.size(), 8u);
}

}  // namespace
}  // namespace shortlist
