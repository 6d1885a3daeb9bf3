#include "benchmarks/request_mix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace shortlist {
namespace {

benchmarks::Scenario MixedScenario() {
  benchmarks::Scenario scenario;
  scenario.set_user_zipf(1);
  scenario.set_anonymous_share(0.2);
  scenario.set_anonymous_items(5);
  benchmarks::Filtered& filtered = *scenario.add_filtered();
  filtered.set_share(0.1);
  filtered.mutable_filter()->add_all_of()->set_attribute("genre");
  return scenario;
}

TEST(RequestMix, MakesTheSameRequestAgain) {
  const RequestMix mix(MixedScenario(), {"a", "b", "c"}, {"i", "j"}, 1);
  const RequestMix same(MixedScenario(), {"a", "b", "c"}, {"i", "j"}, 1);
  const RequestMix other(MixedScenario(), {"a", "b", "c"}, {"i", "j"}, 2);
  int differ = 0;
  for (size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(mix.Make(i).SerializeAsString(), same.Make(i).SerializeAsString());
    differ += mix.Make(i).SerializeAsString() != other.Make(i).SerializeAsString();
  }
  EXPECT_GT(differ, 10);
}

TEST(RequestMix, KeepsToTheSharesOfTheScenario) {
  const RequestMix mix(MixedScenario(), {"a", "b", "c"}, {"i", "j"}, 1);
  std::map<std::string, double> users;
  double anonymous = 0, filtered = 0;
  const size_t count = 20'000;
  for (size_t i = 0; i < count; ++i) {
    const v1::RecommendRequest request = mix.Make(i);
    if (request.has_anonymous()) {
      ++anonymous;
      EXPECT_LE(request.anonymous().recent_item_ids_size(), 5);
    } else {
      ++users[request.user_id()];
    }
    filtered += request.filter().all_of_size();
  }
  EXPECT_NEAR(anonymous / count, 0.2, 0.02);
  EXPECT_NEAR(filtered / count, 0.1, 0.02);
  EXPECT_NEAR(users["a"] / users["b"], 2, 0.2);
  EXPECT_NEAR(users["a"] / users["c"], 3, 0.3);
}

TEST(RequestMix, ArrivalsArePoissonUnlessConstant) {
  benchmarks::Scenario scenario;
  const std::vector<int64_t> times = RequestMix(scenario, {}, {}, 1).Schedule(1000, 0, 20);
  double sum = 0, squares = 0;
  for (size_t i = 1; i < times.size(); ++i) {
    const double gap = static_cast<double>(times[i] - times[i - 1]) / 1e6;
    sum += gap;
    squares += gap * gap;
  }
  const auto count = static_cast<double>(times.size() - 1);
  EXPECT_NEAR(sum / count, 1, 0.05);  // Milliseconds.
  EXPECT_NEAR(std::sqrt(squares / count - std::pow(sum / count, 2)), 1, 0.05);
  scenario.set_constant(true);
  const std::vector<int64_t> constant = RequestMix(scenario, {}, {}, 1).Schedule(100, 0, 1.001);
  ASSERT_EQ(constant.size(), 100);
  EXPECT_NEAR(static_cast<double>(constant[99]), 1e9, 1e3);
}

TEST(RequestMix, ABurstHasItsFactorForItsTime) {
  benchmarks::Scenario scenario;
  scenario.mutable_burst()->set_factor(10);
  scenario.mutable_burst()->set_seconds(1);
  const std::vector<int64_t> times = RequestMix(scenario, {}, {}, 1).Schedule(100, 1, 10);
  // A third of the way from 1 to 10 seconds.
  const auto in_burst = std::count_if(times.begin(), times.end(), [](int64_t time) {
    return 4'000'000'000 <= time && time < 5'000'000'000;
  });
  EXPECT_NEAR(static_cast<double>(in_burst), 1000, 100);
  EXPECT_NEAR(static_cast<double>(times.size()), 1900, 150);
}

}  // namespace
}  // namespace shortlist
