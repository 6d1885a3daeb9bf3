#include "serving/events/frequency_cap.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shortlist {
namespace {

constexpr int64_t kSecond = 1'000;

const FrequencyCap kThrice{.showings = 3, .within = absl::Seconds(100), .rest = absl::Seconds(50)};

// Whether an item that was shown at these seconds rests at that second.
bool Rests(const FrequencyCap& cap, const std::vector<int64_t>& seconds, int64_t now,
           const std::vector<Interaction>& history = {}) {
  Showings shown{.item_id = "a", .times_ms = {}};
  for (const int64_t second : seconds) shown.times_ms.push_back(second * kSecond);
  return !RestingItems(cap, {&shown, 1}, history, now * kSecond).empty();
}

TEST(FrequencyCap, AnItemRestsOnceItWasShownOftenEnoughInTime) {
  EXPECT_FALSE(Rests(kThrice, {10, 20}, 21));
  EXPECT_TRUE(Rests(kThrice, {10, 20, 110}, 111));
  EXPECT_FALSE(Rests(kThrice, {10, 20, 111}, 112));  // In 101 seconds.
  EXPECT_TRUE(Rests(kThrice, {10, 20, 111, 112}, 113));
}

TEST(FrequencyCap, UntilItHasRested) {
  EXPECT_TRUE(Rests(kThrice, {10, 20, 30}, 79));
  EXPECT_FALSE(Rests(kThrice, {10, 20, 30}, 80));
  EXPECT_TRUE(Rests(kThrice, {10, 20, 30, 80}, 81));  // Shown again soon: it rests again.
}

TEST(FrequencyCap, WhatWasDoneToTheItemBeginsAnew) {
  const auto clicked_at = [](int64_t second) {
    return std::vector<Interaction>{{"b", 500 * kSecond, 0}, {"a", second * kSecond, 0}};
  };
  EXPECT_FALSE(Rests(kThrice, {10, 20, 30}, 31, clicked_at(10)));
  EXPECT_TRUE(Rests(kThrice, {10, 20, 30}, 31, clicked_at(9)));
}

TEST(FrequencyCap, WithoutOneNothingRests) {
  EXPECT_FALSE(Rests({}, {10, 20, 30}, 31));
  EXPECT_EQ(FrequencyCap().Memory(), absl::ZeroDuration());
  EXPECT_EQ(kThrice.Memory(), absl::Seconds(150));
}

TEST(FrequencyCap, NoMoreItemsRestThanAnAnswerMayLeaveOut) {
  std::vector<Showings> shown;
  for (int i = 0; i < 5'001; ++i) shown.push_back({std::to_string(i), {0}});
  const std::vector<std::string> resting = RestingItems(
      {.showings = 1, .within = absl::Seconds(1), .rest = absl::Seconds(1)}, shown, {}, 1);
  ASSERT_EQ(resting.size(), kMaxRestingItems);
  EXPECT_EQ(resting.front(), "1");
}

TEST(FrequencyCap, AShowingIsAddedOnce) {
  std::vector<Showings> shown = {{"a", {10, 30}}};
  AddShowing("a", 20, shown);
  AddShowing("a", 30, shown);
  AddShowing("b", 5, shown);
  EXPECT_EQ(shown, (std::vector<Showings>{{"a", {10, 20, 30}}, {"b", {5}}}));
}

TEST(FrequencyCap, IsReadFromItsMessageAndNamesWhatIsWrong) {
  v1::FrequencyCap message;
  const FieldPath path{nullptr, "cap"};
  const auto error = [&](bool may_be_off) {
    return std::string(FrequencyCapOf(message, path, may_be_off).status().message());
  };
  EXPECT_EQ(FrequencyCapOf(message, path, /*may_be_off=*/true)->showings, 0u);
  EXPECT_EQ(error(false), "cap.showings: must be 1 to 10, is 0");
  message.set_showings(11);
  EXPECT_EQ(error(true), "cap.showings: must be 0 to 10, is 11");
  message.set_showings(2);
  EXPECT_EQ(error(true), "cap.within_seconds: must be 1 to 31536000, is 0");
  message.set_within_seconds(60);
  EXPECT_EQ(FrequencyCapOf(message, path, true)->rest, absl::Seconds(60));
  message.set_rest_seconds(-1);
  EXPECT_EQ(error(true), "cap.rest_seconds: must be 0 to 31536000, is -1");
  message.set_rest_seconds(5);
  const FrequencyCap cap = FrequencyCapOf(message, path, true).value();
  EXPECT_EQ(cap.showings, 2u);
  EXPECT_EQ(cap.within, absl::Seconds(60));
  EXPECT_EQ(cap.rest, absl::Seconds(5));
}

}  // namespace
}  // namespace shortlist
