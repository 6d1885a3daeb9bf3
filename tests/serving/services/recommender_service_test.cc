#include "serving/services/recommender_service.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "serving/rpc/credentials.h"
#include "tests/support/local_service.h"
#include "tests/support/recommender_fixture.h"

namespace shortlist {
namespace {

class RecommenderServiceTest : public RecommenderTest {};

// The clock is the test's: every look at it takes a millisecond.
TEST_F(RecommenderServiceTest, CountsTheTimeInTheQueueByTheClockThatItIsGiven) {
  const Clock ticking = [this] { return now_ += absl::Milliseconds(1); };
  RequestWorkers workers(0);
  const UnaryCalls calls(workers, ticking, {});
  const Recommender recommender = MakeRecommender();
  RecommenderService service(recommender, calls, ticking);
  now_ = absl::Now();
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"recommender", &service}}).value();
  const auto stub =
      v1::Recommender::NewStub(grpc::CreateChannel(server->address(), CallingCredentials()));
  grpc::ClientContext context;
  v1::RecommendResponse response;
  const grpc::Status status = stub->Recommend(&context, request_, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.items_size(), 20);
  EXPECT_EQ(response.timings().queue_us(), 1'000);
  const v1::StageTimings& timings = response.timings();
  EXPECT_EQ(timings.total_us(), timings.queue_us() + timings.state_us() + timings.candidates_us() +
                                    timings.ranking_us() + timings.assembly_us());
  server->Shutdown(absl::Seconds(5));
}

}  // namespace
}  // namespace shortlist
