#include "benchmarks/overload/frame_cost.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(FrameCost, IsSomethingForEveryCall) { EXPECT_GT(FrameCost(1'000), 0); }

}  // namespace
}  // namespace shortlist
