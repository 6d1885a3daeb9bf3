#include "serving/admission/rate_limit_step.h"

#include <gtest/gtest.h>

#include "serving/rpc/retry_hint.h"
#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

TEST(AddressOf, IsThePeerWithoutItsPort) {
  EXPECT_EQ(AddressOf("ipv4:10.0.0.1:5000"), "10.0.0.1");
  EXPECT_EQ(AddressOf("ipv6:%5B::1%5D:5000"), "%5B::1%5D");
  EXPECT_EQ(AddressOf("unix:/run/socket"), "unix:/run/socket");
}

class RateLimitStepTest : public testing::Test {
 protected:
  static RateLimitStep::Options Limit(std::string key = "") {
    return {.per_second = 10, .burst = 2, .metadata_key = std::move(key)};
  }

  absl::Status Arrive(const RateLimitStep& step, std::string peer, std::string key = "") {
    Call call{.arrival = now_,
              .is_cancelled = {},
              .peer = [peer] { return peer; },
              .metadata = [key](std::string_view of) { return of == "x-api-key" ? key : ""; }};
    return step.OnArrival(call);
  }

  const CapturedLog log_;
  absl::Time now_ = absl::FromUnixSeconds(1'000);
  const Clock clock_ = [this] { return now_; };
  Refusals refusals_{"calls"};
};

TEST_F(RateLimitStepTest, TheErrorNamesTheLimitAndWhenTheNextCallMayCome) {
  const RateLimitStep step(clock_, Limit(), refusals_);
  EXPECT_TRUE(Arrive(step, "ipv4:10.0.0.1:1").ok());
  EXPECT_TRUE(Arrive(step, "ipv4:10.0.0.1:2").ok());  // Another connection of the same client.
  const absl::Status refused = Arrive(step, "ipv4:10.0.0.1:3");
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(refused.message(),
            "rate_limit: a client may make 10 calls a second, and 2 at once; the next in 100ms");
  EXPECT_EQ(RetryHintOf(refused), absl::Milliseconds(100));
  EXPECT_EQ(refusals_.counts()[static_cast<size_t>(Refusal::kRateLimit)], 1);
  EXPECT_TRUE(Arrive(step, "ipv4:10.0.0.2:3").ok());
  now_ += absl::Milliseconds(100);
  EXPECT_TRUE(Arrive(step, "ipv4:10.0.0.1:3").ok());
}

TEST_F(RateLimitStepTest, ClientsAreToldApartByTheirKeyWhereTheySendOne) {
  const RateLimitStep step(clock_, Limit("x-api-key"), refusals_);
  for (const char* const key : {"shop", "shop", "news", "news", "", ""})
    EXPECT_TRUE(Arrive(step, "ipv4:10.0.0.1:1", key).ok()) << key;
  EXPECT_FALSE(Arrive(step, "ipv4:10.0.0.2:1", "shop").ok());
  EXPECT_FALSE(Arrive(step, "ipv4:10.0.0.1:9").ok());
  EXPECT_TRUE(Arrive(step, "ipv4:10.0.0.2:1").ok());
}

TEST_F(RateLimitStepTest, WithoutALimitEveryCallPasses) {
  const RateLimitStep step(clock_, {}, refusals_);
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(Arrive(step, "ipv4:10.0.0.1:1").ok());
}

}  // namespace
}  // namespace shortlist
