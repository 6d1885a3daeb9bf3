#include "state/state_stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

absl::Status Open(const std::string& name, IfMissing if_missing = IfMissing::kFail) {
  return OpenStateStore(name, StateProjection(), if_missing).status();
}

TEST(OpenStateStore, ANameWithoutAPrefixIsAFileOfSqlite) {
  const TemporaryFolder folder;
  const std::string path = folder / "state.db";
  EXPECT_EQ(Open(path).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Open("sqlite:" + path).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(Open("sqlite:" + path, IfMissing::kCreate).ok());
  EXPECT_TRUE(Open(path).ok());
  EXPECT_TRUE(Open("sqlite:" + path).ok());
  EXPECT_TRUE(Open(path, IfMissing::kCreate).ok());
  EXPECT_THAT(std::string(Open("memory:here").message()),
              testing::HasSubstr("memory:here: no such user state file"));
}

}  // namespace
}  // namespace shortlist
