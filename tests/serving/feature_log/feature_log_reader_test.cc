#include "serving/feature_log/feature_log_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "tests/support/feature_log_fixture.h"

namespace shortlist {
namespace {

class FeatureLogReaderTest : public FeatureLogFixture {};

TEST_F(FeatureLogReaderTest, AFileThatIsCutOffIsNoticed) {
  Serve(1, 1);
  std::filesystem::resize_file(path(), std::filesystem::file_size(path()) - 1);
  std::vector<v1::FeatureLogEntry> entries;
  EXPECT_EQ(Read(entries).message(), path() + ": entry 2 is cut off or none");
  EXPECT_EQ(entries.size(), 1u);
  EXPECT_EQ(FeatureLogReader::Open(folder_ / "nothing").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace shortlist
