// SQLite on a disk whose power fails (tests/state/sqlite/failing_power_vfs.h).
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "state/state_stores.h"
#include "tests/state/killed_appends.h"
#include "tests/state/sqlite/failing_power_vfs.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

constexpr int kBatches = 500;
constexpr int kSyncsAnImage = 12;

TEST(SqlitePowerFailure, NothingAcknowledgedIsLostThoughWhatWasNotSyncedIs) {
  const TemporaryFolder folder;
  const std::filesystem::path watched = folder / "watched", image = folder / "image";
  std::filesystem::create_directory(watched);
  std::mt19937_64 random(1);
  int acknowledged = 0, images = 0;
  bool is_made = false;
  FailingPowerVfs disk(watched, [&] {
    if (!is_made || random() % kSyncsAnImage != 0) return;
    disk.WriteTo(image, random);
    const auto store = OpenStateStore("sqlite:" + (image / "state.db").string(), StateProjection(),
                                      IfMissing::kFail);
    ASSERT_TRUE(store.ok()) << store.status();
    CheckAppends(**store, acknowledged);
    ++images;
  });
  const std::unique_ptr<StateStore> store =
      OpenStateStore("sqlite:" + (watched / "state.db").string(), StateProjection(),
                     IfMissing::kCreate)
          .value();
  is_made = true;
  for (; acknowledged < kBatches && !testing::Test::HasFailure(); ++acknowledged)
    ASSERT_TRUE(store->Append(KilledBatch(acknowledged)).ok());
  EXPECT_GT(images, kBatches / kSyncsAnImage / 2);
}

}  // namespace
}  // namespace shortlist
