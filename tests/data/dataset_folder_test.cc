#include "data/dataset_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "common/files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class DatasetFolderTest : public ::testing::Test {
 protected:
  void Write(const DatasetFolder& folder, const std::string& content) {
    std::ofstream(folder.File("inter")) << content;
  }
  std::string CreateError(bool replace) {
    return std::string(DatasetFolder::Create(path_, replace).status().message());
  }
  size_t EntriesBeside() {
    return static_cast<size_t>(std::distance(fs::directory_iterator(temporary_.path()), {}));
  }

  TemporaryFolder temporary_;
  fs::path path_ = temporary_ / "toy";
};

TEST_F(DatasetFolderTest, IsNotThereBeforeItIsPublishedAndAloneAfterwards) {
  auto folder = *DatasetFolder::Create(path_, false);
  EXPECT_EQ(folder->File("inter").filename(), "toy.inter");
  Write(*folder, "new");
  EXPECT_FALSE(fs::exists(path_));
  ASSERT_TRUE(folder->Publish().ok());
  folder.reset();
  EXPECT_EQ(*ReadFile(path_ / "toy.inter"), "new");
  EXPECT_EQ(EntriesBeside(), 1u);
}

TEST_F(DatasetFolderTest, LeavesNothingWhenItIsNotPublished) {
  Write(**DatasetFolder::Create(path_, false), "unfinished");
  EXPECT_EQ(EntriesBeside(), 0u);
}

TEST_F(DatasetFolderTest, ReplacesADatasetWholeWhenAsked) {
  temporary_.Write("toy/toy.inter", "old");
  temporary_.Write("toy/toy.user", "old");
  temporary_.Write("toy/toy.spec.txtpb", "");
  temporary_.Write("toy/toy.item.npy", "old");
  EXPECT_THAT(CreateError(false), HasSubstr("toy is not empty (--force replaces a data set)"));
  auto folder = *DatasetFolder::Create(path_, true);
  Write(*folder, "new");
  EXPECT_EQ(*ReadFile(path_ / "toy.inter"), "old");
  ASSERT_TRUE(folder->Publish().ok());
  EXPECT_EQ(*ReadFile(path_ / "toy.inter"), "new");
  EXPECT_FALSE(fs::exists(path_ / "toy.user"));
  EXPECT_EQ(EntriesBeside(), 1u);
}

TEST_F(DatasetFolderTest, NeverReplacesWhatIsNoDataset) {
  temporary_.Write("toy/diary.txt", "mine");
  EXPECT_THAT(CreateError(true), HasSubstr("holds more than a data set: diary.txt"));
  path_ = temporary_.Write("file", "mine");
  EXPECT_THAT(CreateError(true), HasSubstr("is there and no folder"));
}

}  // namespace
}  // namespace shortlist
