#include "learning/ranker/labelled_examples.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;

LabelledExamples OneExampleARequest(const std::vector<float>& labels) {
  LabelledExamples examples;
  for (uint32_t i = 0; i < labels.size(); ++i)
    examples.Add(std::vector<FeatureValue>(i, {i, 1}), labels[i], 1, 1, i);
  return examples;
}

TEST(LabelledExamples, GiveBackTheFeaturesOfEach) {
  const LabelledExamples examples = OneExampleARequest({0, 1, 0});
  ASSERT_EQ(examples.size(), 3u);
  EXPECT_EQ(examples[0].size(), 0u);
  ASSERT_EQ(examples[2].size(), 2u);
  EXPECT_EQ(examples[2][1].index, 2u);
}

TEST(SplitByRequest, HoldsOutEveryFifthRequest) {
  const ExampleSplit split = SplitByRequest(OneExampleARequest({0, 0, 0, 0, 1, 1, 1, 1, 1, 0}));
  EXPECT_THAT(split.held_out, ElementsAre(4, 9));
  EXPECT_THAT(split.fitted, ElementsAre(0, 1, 2, 3, 5, 6, 7, 8));
  EXPECT_EQ(split.all.size(), 10u);
}

TEST(SplitByRequest, UsesWhatIsFittedWhereThereIsNothingToLearnFromWhatIsHeldOut) {
  const ExampleSplit equal = SplitByRequest(OneExampleARequest({0, 1, 0, 0, 1}));
  EXPECT_THAT(equal.held_out, ElementsAre(0, 1, 2, 3));
}

}  // namespace
}  // namespace shortlist
