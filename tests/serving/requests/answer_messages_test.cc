#include "serving/requests/answer_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(AnswerMessages, SaysAllOfAnAnswer) {
  const std::shared_ptr<const Bundle> bundle = SharedTestModels().bundle();
  Answer answer{.bundle = bundle,
                .rung = 1,
                .candidates_ranked = 96,
                .unknown_item_ids = {"nothing"},
                .re_ranked = true,
                .candidates_time = absl::Microseconds(5),
                .ranking_time = absl::Microseconds(7),
                .re_ranking_time = absl::Microseconds(2)};
  answer.items.push_back({.item = 3,
                          .source = SourceId::kPopular,
                          .score = -1.5F,
                          .probability = 0.25F,
                          .liked_score = 0.5F,
                          .liked_probability = 0.75F,
                          .place_by_score = 4,
                          .moved_by = {"pinned"},
                          .explanation = {{{"bias", "", -1.5}}, {{"source", "popular", 0.5}}}});
  v1::RecommendResponse message;
  ToMessage(answer, message);
  EXPECT_EQ(message.bundle_id(), bundle->id);
  EXPECT_EQ(message.rung(), v1::RUNG_FULL);
  EXPECT_EQ(message.candidates_ranked(), 96);
  EXPECT_THAT(message.unknown_item_ids(), testing::ElementsAre("nothing"));
  EXPECT_EQ(message.timings().candidates_us(), 5);
  EXPECT_EQ(message.timings().ranking_us(), 7);
  EXPECT_EQ(message.timings().re_ranking_us(), 2);
  ASSERT_EQ(message.items_size(), 1);
  const v1::RecommendedItem& item = message.items(0);
  EXPECT_EQ(item.item_id(), bundle->catalog.id(3));
  EXPECT_EQ(item.title(), bundle->catalog.title(3));
  EXPECT_EQ(item.score(), -1.5F);
  EXPECT_EQ(item.probability(), 0.25F);
  EXPECT_EQ(item.source(), v1::CANDIDATE_SOURCE_POPULAR);
  EXPECT_EQ(item.liked_score(), 0.5F);
  EXPECT_EQ(item.liked_probability(), 0.75F);
  EXPECT_EQ(item.place_by_score(), 5);
  EXPECT_THAT(item.moved_by(), testing::ElementsAre("pinned"));
  EXPECT_EQ(item.contributions(0).feature(), "bias");
  EXPECT_EQ(item.liked_contributions(0).value(), "popular");
}

TEST(AnswerMessages, WithoutRulesNothingIsSaidOfPlaces) {
  Answer answer{.bundle = SharedTestModels().bundle()};
  answer.items.push_back({.item = 3, .place_by_score = 4});
  v1::RecommendResponse message;
  ToMessage(answer, message);
  EXPECT_EQ(message.items(0).place_by_score(), 0);
  EXPECT_FALSE(message.items(0).has_liked_score());
}

TEST(AnswerMessages, SimilarItemsHaveTheirCosines) {
  const CandidateList similar{.bundle = SharedTestModels().bundle(),
                              .candidates = {{7, 0.5F, SourceId::kTwoTower}}};
  v1::SimilarItemsResponse message;
  ToMessage(similar, message);
  ASSERT_EQ(message.items_size(), 1);
  EXPECT_EQ(message.items(0).item_id(), similar.bundle->catalog.id(7));
  EXPECT_EQ(message.items(0).similarity(), 0.5F);
  EXPECT_EQ(message.bundle_id(), similar.bundle->id);
}

}  // namespace
}  // namespace shortlist
