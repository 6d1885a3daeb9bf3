#include "serving/rpc/unary_calls.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "model/bundle_registry.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/grpc_server.h"
#include "serving/services/catalog_reader.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

// Writes down what it sees, and may refuse.
class RecordingStep : public CallStep {
 public:
  RecordingStep(std::string name, std::vector<std::string>& seen)
      : name_(std::move(name)), seen_(seen) {}
  absl::Status refusal;
  absl::Status refusal_at_arrival;
  mutable absl::Time deadline;  // Of the last call.

  absl::Status OnArrival(Call& call) const override {
    seen_.push_back(name_ + " arrives");
    deadline = call.deadline;
    EXPECT_EQ(call.metadata("x-client"), "shop");
    EXPECT_EQ(call.metadata("x-other"), "");
    return refusal_at_arrival;
  }
  absl::Status OnBegin(const Call& /*call*/) const override {
    seen_.push_back(name_ + " begins");
    return refusal;
  }
  void OnEnd(const Call& /*call*/, const absl::Status& status) const override {
    seen_.push_back(name_ + " ends " + std::string(absl::StatusCodeToString(status.code())));
  }

 private:
  const std::string name_;
  std::vector<std::string>& seen_;
};

// One method of a service.
class ItemService : public v1::Catalog::WithRawCallbackMethod_GetItem<v1::Catalog::Service> {
 public:
  ItemService(const CatalogReader& reader, const UnaryCalls& calls)
      : reader_(reader), calls_(calls) {}

  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override {
    return calls_.Answer<v1::GetItemRequest, v1::GetItemResponse>(
        context, request, response,
        [this](const v1::GetItemRequest& parsed, const Call& /*call*/,
               v1::GetItemResponse& answer) { return reader_.GetItem(parsed, answer); });
  }

 private:
  const CatalogReader& reader_;
  const UnaryCalls& calls_;
};

class UnaryCallsTest : public testing::Test {
 protected:
  grpc::Status GetItem(const std::string& id) {
    const CatalogReader reader(bundles_);
    const UnaryCalls calls(workers_, clock_, {&first_, &second_});
    ItemService service(reader, calls);
    auto server = GrpcServer::Start("127.0.0.1:0", {{"catalog", &service}}).value();
    const auto stub =
        v1::Catalog::NewStub(grpc::CreateChannel(server->address(), CallingCredentials()));
    grpc::ClientContext context;
    context.AddMetadata("x-client", "shop");
    v1::GetItemRequest request;
    request.set_item_id(id);
    v1::GetItemResponse response;
    const grpc::Status status = stub->GetItem(&context, request, &response);
    title_ = response.item().title();
    hints_.clear();
    const auto [begin, end] = context.GetServerTrailingMetadata().equal_range(kRetryHintKey);
    for (auto hint = begin; hint != end; ++hint)
      hints_.emplace_back(hint->second.data(), hint->second.size());
    server->Shutdown(absl::Seconds(5));
    return status;
  }

  std::vector<std::string> seen_;
  RecordingStep first_{"first", seen_}, second_{"second", seen_};
  const BundleRegistry bundles_{SharedTestModels().bundle()};
  const Clock clock_ = absl::Now;
  RequestWorkers workers_{0};
  std::string title_;
  std::vector<std::string> hints_;  // When to try again, as the client was told.
};

TEST_F(UnaryCallsTest, TheStepsSeeACallArriveBeginAndEndInTheirOrder) {
  EXPECT_TRUE(GetItem("i3").ok());
  EXPECT_EQ(title_, SharedTestModels().bundle()->catalog.title(3));
  EXPECT_THAT(seen_, testing::ElementsAre("first arrives", "second arrives", "first begins",
                                          "second begins", "first ends OK", "second ends OK"));
}

// Once it was taken for one with a deadline in 292 years.
TEST_F(UnaryCallsTest, ACallWithoutADeadlineHasNone) {
  EXPECT_TRUE(GetItem("i3").ok());
  EXPECT_EQ(first_.deadline, absl::InfiniteFuture());
}

TEST_F(UnaryCallsTest, AStepThatRefusesEndsTheCallBeforeItIsHandled) {
  first_.refusal = absl::ResourceExhaustedError("too many calls");
  const grpc::Status status = GetItem("i3");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_message(), "too many calls");
  EXPECT_THAT(seen_, testing::ElementsAre("first arrives", "second arrives", "first begins",
                                          "first ends RESOURCE_EXHAUSTED",
                                          "second ends RESOURCE_EXHAUSTED"));
}

TEST_F(UnaryCallsTest, AStepThatRefusesACallAtItsArrivalIsTheLastToSeeIt) {
  first_.refusal_at_arrival =
      WithRetryHint(absl::ResourceExhaustedError("the queue is full"), absl::Milliseconds(20));
  const grpc::Status status = GetItem("i3");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_message(), "the queue is full");
  EXPECT_THAT(hints_, testing::ElementsAre("20"));
  EXPECT_THAT(seen_, testing::ElementsAre("first arrives", "first ends RESOURCE_EXHAUSTED"));
}

TEST_F(UnaryCallsTest, OnlyWhoIsToTryAgainIsToldWhen) {
  EXPECT_TRUE(GetItem("i3").ok());
  EXPECT_THAT(hints_, testing::IsEmpty());
  EXPECT_FALSE(GetItem("nothing").ok());
  EXPECT_THAT(hints_, testing::IsEmpty());
}

TEST_F(UnaryCallsTest, AnErrorOfTheHandlerIsTheAnswer) {
  const grpc::Status status = GetItem("nothing");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(seen_.back(), "second ends NOT_FOUND");
}

}  // namespace
}  // namespace shortlist
