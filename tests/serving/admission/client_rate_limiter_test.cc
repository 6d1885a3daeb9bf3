#include "serving/admission/client_rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'000);

int Taken(ClientRateLimiter& limiter, std::string_view client, absl::Time now, int tries) {
  int taken = 0;
  for (int i = 0; i < tries; ++i)
    if (limiter.Take(client, now) == absl::ZeroDuration()) ++taken;
  return taken;
}

TEST(ClientRateLimiter, AClientMayMakeABurstAndThenAsManyAsComeIn) {
  ClientRateLimiter limiter({.per_second = 10, .burst = 5});
  EXPECT_EQ(Taken(limiter, "a", kStart, 100), 5);
  EXPECT_EQ(Taken(limiter, "a", kStart + absl::Milliseconds(99), 100), 0);
  EXPECT_EQ(Taken(limiter, "a", kStart + absl::Milliseconds(100), 100), 1);
  EXPECT_EQ(Taken(limiter, "a", kStart + absl::Milliseconds(400), 100), 3);
}

TEST(ClientRateLimiter, ABucketNeverHoldsMoreThanABurst) {
  ClientRateLimiter limiter({.per_second = 10, .burst = 5});
  EXPECT_EQ(Taken(limiter, "a", kStart, 1), 1);
  EXPECT_EQ(Taken(limiter, "a", kStart + absl::Hours(1), 100), 5);
}

TEST(ClientRateLimiter, SaysWhenThereIsAToken) {
  ClientRateLimiter limiter({.per_second = 10, .burst = 1});
  EXPECT_EQ(limiter.Take("a", kStart), absl::ZeroDuration());
  EXPECT_EQ(limiter.Take("a", kStart + absl::Milliseconds(30)), absl::Milliseconds(70));
  // What is refused takes nothing.
  EXPECT_EQ(limiter.Take("a", kStart + absl::Milliseconds(60)), absl::Milliseconds(40));
}

TEST(ClientRateLimiter, EachClientHasABucketOfItsOwn) {
  ClientRateLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_EQ(Taken(limiter, "a", kStart, 2), 1);
  EXPECT_EQ(Taken(limiter, "b", kStart, 2), 1);
}

TEST(ClientRateLimiter, ManyClientsDoNotTakeMoreMemoryThanTheBound) {
  ClientRateLimiter limiter({.per_second = 1, .burst = 1, .most_clients = 160});
  for (int i = 0; i < 10'000; ++i) limiter.Take(absl::StrCat(i), kStart);
  EXPECT_GT(limiter.clients(), 100u);
  EXPECT_LE(limiter.clients(), 160u);
}

TEST(ClientRateLimiter, ForgetsTheClientThatItHeardOfLeastRecently) {
  ClientRateLimiter limiter({.per_second = 0.001, .burst = 1, .most_clients = 160});
  EXPECT_EQ(Taken(limiter, "steady", kStart, 1), 1);
  for (int i = 0; i < 10'000; ++i) {
    limiter.Take(absl::StrCat(i), kStart);
    EXPECT_EQ(Taken(limiter, "steady", kStart, 1), 0);
  }
  EXPECT_EQ(Taken(limiter, "0", kStart, 1), 1);  // Forgotten, and so not refused.
}

TEST(ClientRateLimiter, ThreadsTogetherTakeNoMoreThanThereIs) {
  ClientRateLimiter limiter({.per_second = 0.001, .burst = 1'000});
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { taken += Taken(limiter, "a", kStart, 1'000); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1'000);
}

}  // namespace
}  // namespace shortlist
