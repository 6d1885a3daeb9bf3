#include "benchmarks/trained_vectors.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

// Four of the users that the shared models were trained on, with the same items each.
std::filesystem::path Written(const TemporaryFolder& folder, const std::string& first_item) {
  std::string rows = "user_id:token\titem_id:token\ttimestamp:float\n";
  for (const char* user : {"u1", "u2", "u5", "u6"})
    for (int i = 0; i < 10; ++i)
      rows += std::string(user) + "\t" + (i == 0 ? first_item : "i" + std::to_string(i)) + "\t" +
              std::to_string(1'600'000'000 + i) + "\n";
  folder.Write("toy/toy.inter", rows);
  return folder / "toy";
}

TEST(ReadTrainedVectors, GivesAllItemsAndUsersSpreadOverTheDataset) {
  const TemporaryFolder folder;
  const auto vectors = ReadTrainedVectors(SharedTestModels().folder(), Written(folder, "i0"), 2);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  const TwoTower& towers = SharedTestModels().bundle()->towers;
  EXPECT_THAT(vectors->items.values, ::testing::ElementsAreArray(towers.item_embeddings()));
  ASSERT_EQ(vectors->users.dim, towers.dim());
  ASSERT_EQ(vectors->users.values.size(), 2 * towers.dim());
  float squares = 0;
  for (size_t d = 0; d < towers.dim(); ++d)
    squares += vectors->users.values[d] * vectors->users.values[d];
  EXPECT_NEAR(squares, 1, 1e-4);
}

TEST(ReadTrainedVectors, RefusesADatasetOfOtherItems) {
  const TemporaryFolder folder;
  EXPECT_EQ(ReadTrainedVectors(SharedTestModels().folder(), Written(folder, "another"), 2)
                .status()
                .message(),
            "the model was trained on other items");
}

}  // namespace
}  // namespace shortlist
