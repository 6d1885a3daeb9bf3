#include <gtest/gtest.h>

#include "tests/state/killed_appends.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

TEST(SqliteCrash, NothingAcknowledgedIsLostWhereverAProcessIsKilled) {
  const TemporaryFolder folder;
  KillAppendsAndCheck(APPEND_UNTIL_KILLED, "sqlite:" + (folder / "state.db").string(), /*rounds=*/8,
                      /*seed=*/1);
}

TEST(SqliteCrash, NorWhileTheTailIsFolded) {
  const TemporaryFolder folder;
  KillAppendsAndCheck(APPEND_UNTIL_KILLED, "sqlite:" + (folder / "state.db").string(), /*rounds=*/8,
                      /*seed=*/2, {"10"});
}

}  // namespace
}  // namespace shortlist
