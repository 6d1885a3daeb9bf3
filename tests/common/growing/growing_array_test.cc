#include "common/growing/growing_array.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(GrowingArray, GivesWhatIsThereAndKeepsWhatItGave) {
  const std::vector<float> base = {1, 2};
  auto array = GrowingArray<float>::Make(base, 1'000'000);
  ASSERT_TRUE(array.ok()) << array.status();
  const std::span<const float> before = array->all();
  ASSERT_TRUE(array->Append(3).ok());
  ASSERT_TRUE(array->Append(std::vector<float>(900'000, 4)).ok());
  auto zeros = array->Extend(2);
  ASSERT_TRUE(zeros.ok());
  EXPECT_THAT(*zeros, ElementsAre(0, 0));
  EXPECT_THAT(before, ElementsAre(1, 2));
  EXPECT_EQ(array->all().data(), before.data());
  EXPECT_EQ(array->size(), 900'005u);
  EXPECT_THAT(array->all().first(4), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(array->Append(std::vector<float>(2'000'000)).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(array->size(), 900'005u);
}

}  // namespace
}  // namespace shortlist
