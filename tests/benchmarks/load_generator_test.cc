#include "benchmarks/load_generator.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "shortlist/v1/recommender.grpc.pb.h"

namespace shortlist {
namespace {

// Keeps requests until it is told to answer.
class HoldingRecommender : public v1::Recommender::CallbackService {
 public:
  grpc::ServerUnaryReactor* Recommend(grpc::CallbackServerContext* context,
                                      const v1::RecommendRequest* /*request*/,
                                      v1::RecommendResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    response->add_items()->set_item_id("i1");
    response->set_bundle_id("b1");
    response->mutable_timings()->set_state_us(20);
    response->mutable_timings()->set_ranking_us(400);
    response->mutable_timings()->set_total_us(430);
    response->set_candidates_ranked(500);
    const absl::MutexLock lock(&mutex_);
    ++received_;
    if (holding_) {
      held_.push_back(reactor);
    } else {
      reactor->Finish(grpc::Status::OK);
    }
    return reactor;
  }

  void WaitUntilReceived(int count) {
    const absl::MutexLock lock(&mutex_);
    auto enough = [&] { return received_ >= count; };
    mutex_.Await(absl::Condition(&enough));
  }
  void AnswerThoseHeld() {
    const absl::MutexLock lock(&mutex_);
    for (grpc::ServerUnaryReactor* reactor : held_) reactor->Finish(grpc::Status::OK);
    held_.clear();
  }
  void AnswerFromNowOn() {
    {
      const absl::MutexLock lock(&mutex_);
      holding_ = false;
    }
    AnswerThoseHeld();
  }

 private:
  absl::Mutex mutex_;
  int received_ = 0;
  bool holding_ = true;
  std::vector<grpc::ServerUnaryReactor*> held_;
};

class LoadGeneratorTest : public testing::Test {
 protected:
  LoadGeneratorTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    generator_ = std::make_unique<LoadGenerator>(
        LoadOptions{.target = absl::StrCat("127.0.0.1:", port), .timeout_seconds = 60}, mix_);
    EXPECT_TRUE(generator_->WaitUntilConnected(60));
  }

  static benchmarks::Scenario ConstantArrivals() {
    benchmarks::Scenario scenario;
    scenario.set_constant(true);
    return scenario;
  }

  const RequestMix mix_{ConstantArrivals(), {"ann"}, {}, 1};
  HoldingRecommender service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<LoadGenerator> generator_;
};

TEST_F(LoadGeneratorTest, BeginAndEndAreCalledThoughNothingIsSentBetweenThem) {
  std::string calls;
  const LoadRun run = generator_->OpenLoop(
      /*rate=*/1, 0.01, 0.02, [&] { calls += "begin "; }, [&] { calls += "end"; });
  EXPECT_EQ(calls, "begin end");
  EXPECT_TRUE(run.samples.empty());
  EXPECT_EQ(run.answered, 0);
  EXPECT_GT(run.seconds, 0);
}

TEST_F(LoadGeneratorTest, WhatIsAnsweredAfterTheEndIsASampleAndNotOfTheTimeBefore) {
  const LoadRun run = generator_->OpenLoop(
      /*rate=*/100, 0.095, 0.205, [] {}, [&] { service_.AnswerFromNowOn(); });
  ASSERT_EQ(run.samples.size(), 11);  // 100, 110, ..., 200 milliseconds.
  for (const LatencySample& sample : run.samples) {
    EXPECT_EQ(sample.status, 0);
    EXPECT_GT(sample.received, 205'000'000);
  }
  EXPECT_EQ(run.answered, 0);
}

TEST_F(LoadGeneratorTest, AnswersBetweenBeginAndEndCountThoughTheyWereAskedForBefore) {
  bool ended = false;
  const LoadRun run = generator_->ClosedLoop(
      10, 0.01, 0.02,
      [&] {
        EXPECT_FALSE(ended);
        service_.WaitUntilReceived(10);
        service_.AnswerThoseHeld();
        service_.WaitUntilReceived(20);  // Sent once the ten answers had come.
      },
      [&] {
        ended = true;
        service_.AnswerFromNowOn();
      });
  EXPECT_TRUE(ended);
  EXPECT_EQ(run.answered, 10);
  EXPECT_EQ(run.samples.size(), 10);
}

TEST_F(LoadGeneratorTest, KeepsWhatIsSaidOfTheFirstFailure) {
  server_->Shutdown();
  const LoadRun run = generator_->ClosedLoop(
      1, 0, 0.02, [] {}, [] {});
  EXPECT_EQ(run.answered, 0);
  EXPECT_FALSE(run.first_failure.empty());
}

TEST_F(LoadGeneratorTest, KeepsOfEveryAnswerItsSizeItsCandidatesAndItsTimes) {
  service_.AnswerFromNowOn();
  const LoadRun run = generator_->OpenLoop(/*rate=*/100, 0, 0.1, [] {}, [] {});
  ASSERT_GT(run.samples.size(), 5);
  for (const LatencySample& sample : run.samples) {
    EXPECT_EQ(sample.response_bytes, 6 + 4 + 10 + 3);  // In the order of the fields.
    EXPECT_EQ(sample.candidates, 500);
    EXPECT_THAT(sample.stage_us, testing::ElementsAre(0, 20, 0, 400, 0));
    EXPECT_EQ(sample.total_us, 430);
  }
}

}  // namespace
}  // namespace shortlist
