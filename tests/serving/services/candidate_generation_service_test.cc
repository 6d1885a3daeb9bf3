#include "serving/services/candidate_generation_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/local_service.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class CandidateGenerationServiceTest : public testing::Test {
 protected:
  CandidateGenerationServiceTest() {
    request_.mutable_user()->set_user_id("u5");
    for (const char* id : {"i1", "i5", "i9"})
      request_.mutable_user()->add_history()->set_item_id(id);
  }
  v1::GenerateCandidatesResponse Answer() {
    v1::GenerateCandidatesResponse response;
    const absl::Status status = services_.candidate_service.Answer(
        request_, Budget(services_.clock, absl::InfiniteFuture()), response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  LocalStageServices services_{SharedTestModels().bundle()};
  v1::GenerateCandidatesRequest request_;
};

TEST_F(CandidateGenerationServiceTest, AnswersInParallelListsWithTheBundleTheyBelongTo) {
  request_.set_count(30);
  const v1::GenerateCandidatesResponse response = Answer();
  EXPECT_EQ(response.bundle_id(), SharedTestModels().bundle()->id);
  ASSERT_EQ(response.item_rows_size(), 30);
  EXPECT_EQ(response.scores_size(), 30);
  EXPECT_EQ(response.sources_size(), 30);
  EXPECT_EQ(response.item_ids_size(), 0);
  for (int source : response.sources()) EXPECT_NE(source, v1::CANDIDATE_SOURCE_UNSPECIFIED);
}

TEST_F(CandidateGenerationServiceTest, GivesTheIdsOfTheRowsIfAsked) {
  request_.set_include_item_ids(true);
  request_.add_exclude_item_ids("i20");
  request_.set_count(5000);
  const v1::GenerateCandidatesResponse response = Answer();
  ASSERT_EQ(response.item_ids_size(), 116);
  for (int i = 0; i < response.item_ids_size(); ++i)
    EXPECT_EQ(SharedTestModels().bundle()->catalog.FindItem(response.item_ids(i)),
              response.item_rows(i));
  const std::set<std::string> ids(response.item_ids().begin(), response.item_ids().end());
  for (const char* id : {"i1", "i5", "i9", "i20"}) EXPECT_FALSE(ids.contains(id)) << id;
}

TEST_F(CandidateGenerationServiceTest, AnswersFromTheBundleThatIsAskedForWhereItIsLoaded) {
  services_.bundles.Replace(OtherTestModels().bundle());
  EXPECT_EQ(Answer().bundle_id(), OtherTestModels().bundle()->id);
  request_.set_bundle_id(SharedTestModels().bundle()->id);
  EXPECT_EQ(Answer().bundle_id(), SharedTestModels().bundle()->id);
  request_.set_bundle_id("another");
  EXPECT_EQ(Answer().bundle_id(), OtherTestModels().bundle()->id);
}

TEST_F(CandidateGenerationServiceTest, NamesTheFieldThatIsWrong) {
  v1::GenerateCandidatesResponse response;
  request_.set_count(-1);
  EXPECT_EQ(services_.candidate_service.Answer(
                request_, Budget(services_.clock, absl::InfiniteFuture()), response),
            absl::InvalidArgumentError("count: must be 0 to 5000, is -1"));
  request_.set_count(0);
  v1::AttributeCondition& condition = *request_.mutable_filter()->add_all_of();
  condition.set_attribute("colour");
  condition.mutable_any_value()->add_values("red");
  const absl::Status status = services_.candidate_service.Answer(
      request_, Budget(services_.clock, absl::InfiniteFuture()), response);
  EXPECT_THAT(std::string(status.message()), testing::StartsWith("filter.all_of[0].attribute:"));
}

TEST_F(CandidateGenerationServiceTest, FindsSimilarItems) {
  v1::FindSimilarItemsRequest request;
  request.set_item_id("i9");
  request.set_count(5);
  v1::GenerateCandidatesResponse response;
  ASSERT_TRUE(services_.candidate_service
                  .Answer(request, Budget(services_.clock, absl::InfiniteFuture()), response)
                  .ok());
  EXPECT_EQ(response.item_rows_size(), 5);
  request.set_item_id("nothing");
  EXPECT_EQ(services_.candidate_service
                .Answer(request, Budget(services_.clock, absl::InfiniteFuture()), response)
                .code(),
            absl::StatusCode::kNotFound);
  request.set_item_id("");
  EXPECT_EQ(services_.candidate_service.Answer(
                request, Budget(services_.clock, absl::InfiniteFuture()), response),
            absl::InvalidArgumentError("item_id: is empty"));
}

}  // namespace
}  // namespace shortlist
