#include "serving/remote/hedged_call.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "serving/remote/remote_candidate_stage.h"
#include "serving/rpc/credentials.h"
#include "tests/support/blocking_retrieval.h"
#include "tests/support/local_service.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

// Two replicas of the retrieval service, of which one does not answer. Which call goes to which is
// the test's to say.
class HedgedCallTest : public testing::Test {
 protected:
  using Stub = v1::CandidateGeneration::StubInterface;

  ~HedgedCallTest() override {
    hanging_.Release();
    server_->Shutdown(absl::Seconds(5));
  }
  static std::unique_ptr<Stub> StubOf(const std::string& address) {
    return v1::CandidateGeneration::NewStub(grpc::CreateChannel(address, CallingCredentials()));
  }
  // The first call to one, the second to the other.
  grpc::Status Call(Stub& first, Stub& second, absl::Duration timeout) {
    response_.Clear();
    started_ = 0;
    return hedging_.Call(
        absl::Now() + timeout, response_, arena_, [&](auto* context, auto* response, auto done) {
          Stub& stub = started_++ == 0 ? first : second;
          stub.async()->GenerateCandidates(context, &request_, response, std::move(done));
        });
  }

  LocalStageServices there_{SharedTestModels().bundle()};
  const std::unique_ptr<GrpcServer> server_ = there_.Serve();
  BlockingRetrieval hanging_{SharedTestModels().bundle()};
  const std::unique_ptr<Stub> good_ = StubOf(server_->address());
  const std::unique_ptr<Stub> bad_ = StubOf(hanging_.address());
  google::protobuf::Arena arena_;
  v1::GenerateCandidatesRequest request_;
  v1::GenerateCandidatesResponse response_;
  Hedging hedging_{0.9};
  int started_ = 0;
};

TEST_F(HedgedCallTest, TheSecondCallAnswersWhereTheFirstHangs) {
  const grpc::Status status = Call(*bad_, *good_, absl::Minutes(1));
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(started_, 2);
  EXPECT_GT(response_.item_rows_size(), 0);
}

TEST_F(HedgedCallTest, TheFirstCallMayStillWin) {
  hanging_.Release();
  EXPECT_TRUE(Call(*bad_, *bad_, absl::Minutes(1)).ok());
  EXPECT_GT(response_.item_rows_size(), 0);
}

TEST_F(HedgedCallTest, BothHaveTheDeadline) {
  EXPECT_EQ(Call(*bad_, *bad_, absl::Milliseconds(30)).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(started_, 2);
}

TEST_F(HedgedCallTest, AnErrorThatComesAtOnceIsTheAnswer) {
  request_.set_count(-1);
  EXPECT_EQ(Call(*good_, *good_, absl::Minutes(1)).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(HedgedCallTest, AStageMayHedgeItsCalls) {
  const BundleRegistry here(SharedTestModels().bundle());
  const RemoteCandidateStage stage(grpc::CreateChannel(server_->address(), CallingCredentials()),
                                   server_->address(), here, &hedging_);
  const Clock clock = absl::Now;
  const Query query{.candidate_count = 30};
  BoundQuery bound(query, here.Current());
  EXPECT_EQ(stage.Generate(bound, Budget(clock, absl::Now() + absl::Minutes(1)))->candidates.size(),
            30u);
}

}  // namespace
}  // namespace shortlist
