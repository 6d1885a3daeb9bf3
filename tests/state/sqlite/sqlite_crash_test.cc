#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/state/killed_appends.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

// So often that a test stays short, or as often as scripts/kill_drill says.
int Kills() {
  const char* const kills = std::getenv("SHORTLIST_KILLS");
  return kills == nullptr ? 8 : std::atoi(kills);
}

void KillAndCheck(uint64_t seed, const std::vector<std::string>& options) {
  // A store is read from one end to the other after each kill, and begun anew when that takes long.
  constexpr int kMostOfAStore = 50;
  for (int done = 0; done < Kills(); done += kMostOfAStore) {
    const TemporaryFolder folder;
    KillAppendsAndCheck(APPEND_UNTIL_KILLED, "sqlite:" + (folder / "state.db").string(),
                        std::min(kMostOfAStore, Kills() - done), seed + static_cast<uint64_t>(done),
                        options);
  }
}

TEST(SqliteCrash, NothingAcknowledgedIsLostWhereverAProcessIsKilled) { KillAndCheck(1, {}); }

TEST(SqliteCrash, NorWhileTheTailIsFolded) { KillAndCheck(2, {"10"}); }

}  // namespace
}  // namespace shortlist
