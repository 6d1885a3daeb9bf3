// Whether the features of a training example see what they must not: they are computed once more in
// a world that is the same until the request, and another one afterwards; and in one whose test
// part is another.

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "data/past_request.h"
#include "learning/ranker/interaction_counter.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

// The same until `time_ms`, other items from then on.
Dataset WithAnotherFuture(Dataset dataset, int64_t time_ms) {
  const auto items = static_cast<uint32_t>(dataset.items.ids.size());
  for (DatasetInteraction& interaction : dataset.interactions)
    if (interaction.time_ms >= time_ms) interaction.item = (interaction.item + 5) % items;
  return dataset;
}

// As in a fixed split that is not by time: the test part is earlier than everything else.
Dataset WithTestFirst(Dataset dataset, const std::vector<UserSequence>& sequences) {
  int64_t first = dataset.interactions.front().time_ms;
  for (const DatasetInteraction& interaction : dataset.interactions)
    first = std::min(first, interaction.time_ms);
  for (const UserSequence& sequence : sequences)
    for (size_t i = sequence.valid_end; i < sequence.end; ++i)
      dataset.interactions[i].time_ms = first - 1;
  return dataset;
}

Dataset WithAnotherTest(Dataset dataset, const std::vector<UserSequence>& sequences) {
  const auto items = static_cast<uint32_t>(dataset.items.ids.size());
  for (const UserSequence& sequence : sequences)
    for (size_t i = sequence.valid_end; i < sequence.end; ++i)
      dataset.interactions[i].item = (dataset.interactions[i].item + 5) % items;
  return dataset;
}

// Mistakes, for the test to be seen to notice them.
enum class Leak { kNone, kHistory, kCounters, kTest };

// Indices and bits of all features of all items for the request before the user's validation part.
std::vector<uint32_t> FeaturesOf(const Dataset& dataset, uint32_t user,
                                 const std::vector<UserSequence>& sequences, Leak leak) {
  const Bundle& bundle = *SharedTestModels().bundle();
  std::vector<Candidate> candidates;
  for (ItemRow item = 0; item < dataset.items.ids.size(); ++item)
    candidates.push_back({.item = item, .score = 0.5F, .source = SourceId::kTwoTower});
  const UserSequence& sequence = sequences[user];
  const size_t position = sequence.train_end;
  const PastRequests requests(dataset);
  PastRequest past = requests.Before(sequence, user, position);
  if (leak == Leak::kHistory)
    past.user.history = requests.Before(sequence, user, position + 1).user.history;
  InteractionCounter counter(dataset, leak == Leak::kTest ? WithoutHoldout(sequences) : sequences,
                             4);
  counter.AdvanceTo(past.context.time_ms + (leak == Leak::kCounters ? 1 : 0));
  FeatureInputs inputs = FeatureInputsOf(bundle);
  inputs.statistics = &counter.statistics();
  const auto extractor = FeatureExtractor::Create(bundle.extractor->spec(), inputs);
  EXPECT_TRUE(extractor.ok()) << extractor.status();
  const auto request = extractor->Begin(past.user, past.context, candidates);
  std::vector<uint32_t> bits;
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    extractor->Compute(request, i, values);
    for (const FeatureValue& value : values) {
      bits.push_back(value.index);
      bits.push_back(std::bit_cast<uint32_t>(value.value));
    }
  }
  return bits;
}

TEST(PointInTime, FeaturesOfAnExampleDoNotDependOnTheFutureAndALeakIsNoticed) {
  const Dataset& dataset = SharedTestModels().dataset();
  const auto sequences = SplitPerUser(dataset, 0.1, 0.1);
  for (uint32_t user = 0; user < 40; user += 9) {
    SCOPED_TRACE(user);
    const Dataset other =
        WithAnotherFuture(dataset, dataset.interactions[sequences[user].train_end].time_ms);
    auto features = [&](const Dataset& world, Leak leak) {
      return FeaturesOf(world, user, sequences, leak);
    };
    EXPECT_EQ(features(dataset, Leak::kNone), features(other, Leak::kNone));
    EXPECT_NE(features(dataset, Leak::kHistory), features(other, Leak::kHistory));
    EXPECT_NE(features(dataset, Leak::kCounters), features(other, Leak::kCounters));
  }
}

TEST(PointInTime, FeaturesOfAnExampleDoNotDependOnATestPartThatIsEarlierAndALeakIsNoticed) {
  const auto sequences = SplitPerUser(SharedTestModels().dataset(), 0.1, 0.1);
  const Dataset dataset = WithTestFirst(SharedTestModels().dataset(), sequences);
  const Dataset other = WithAnotherTest(dataset, sequences);
  auto features = [&](const Dataset& world, Leak leak) {
    return FeaturesOf(world, 9, sequences, leak);
  };
  EXPECT_EQ(features(dataset, Leak::kNone), features(other, Leak::kNone));
  EXPECT_NE(features(dataset, Leak::kTest), features(other, Leak::kTest));
}

}  // namespace
}  // namespace shortlist
