#include "learning/ranker/interaction_counter.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic_dataset.h"

namespace shortlist {
namespace {

TEST(InteractionCounter, CountsExactlyWhatHappenedBeforeTheMomentAndIsNoTest) {
  const Dataset dataset = MakeSyntheticDataset();
  const std::vector<UserSequence> sequences = SplitPerUser(dataset, 0.1, 0.1);
  InteractionCounter counter(dataset, sequences, 4);
  const int64_t first = dataset.interactions.front().time_ms;
  for (const int64_t time_ms : {first, first + 1, first + 500'000'000, first + 9'000'000'000}) {
    counter.AdvanceTo(time_ms);
    std::vector<uint32_t> expected(dataset.items.ids.size(), 0), expected_liked(expected);
    uint64_t total = 0, total_liked = 0;
    for (size_t i = 0; i < dataset.interactions.size(); ++i) {
      const DatasetInteraction& interaction = dataset.interactions[i];
      if (interaction.time_ms >= time_ms || i >= sequences[interaction.user].valid_end) continue;
      ++expected[interaction.item];
      ++total;
      if (interaction.value < 4) continue;
      ++expected_liked[interaction.item];
      ++total_liked;
    }
    const auto counts = counter.statistics().counts;
    EXPECT_EQ(std::vector<uint32_t>(counts.begin(), counts.end()), expected);
    EXPECT_EQ(counter.statistics().total, total);
    const auto liked = counter.statistics().liked;
    EXPECT_EQ(std::vector<uint32_t>(liked.begin(), liked.end()), expected_liked);
    EXPECT_EQ(counter.statistics().total_liked, total_liked);
  }
  EXPECT_GT(counter.statistics().total_liked, 0);
}

}  // namespace
}  // namespace shortlist
