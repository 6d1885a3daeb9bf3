#include "common/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace shortlist {
namespace {

// Not a terminal: a plain line at the end.
TEST(Progress, SaysInTheEndWhatWasDoneHowFastAndHowItWent) {
  testing::internal::CaptureStderr();
  Progress progress("epoch 3/15", 2'000'000, "examples");
  progress.Update(1'000, "loss 6");
  progress.Finish("loss 5.17");
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::MatchesRegex("epoch 3/15  [0-9.]+ [MG]?examples/s  [0-9.]+ s  loss 5.17\n"));
}

}  // namespace
}  // namespace shortlist
