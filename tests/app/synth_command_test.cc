// `shortlist synth`, run as a program.

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/bundle.h"
#include "state/sqlite/sqlite_state_store.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

std::string Synth(const TemporaryFolder& folder, const std::string& options) {
  const CommandResult made = RunShortlist("synth --models " + folder.path().string() +
                                          " --items 1000 --users 20 --dim 8" + options);
  EXPECT_EQ(made.exit_code, 0) << made.errors;
  EXPECT_THAT(made.output, HasSubstr("Published "));
  const auto bundle = LoadCurrentBundle(folder.path());
  EXPECT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->catalog.item_count(), 1000u);
  EXPECT_EQ((*bundle)->towers.dim(), 8u);
  return (*bundle)->id;
}

TEST(SynthCommand, PublishesTheSameCatalogWithItsUsersForTheSameSeed) {
  const TemporaryFolder a, b, c;
  const std::string id = Synth(a, " --seed 3");
  EXPECT_EQ(Synth(b, " --seed 3 --threads 1"), id);
  EXPECT_NE(Synth(c, " --seed 4"), id);
  const auto states = SqliteStateStore::Open(a / "state.db", StateProjection());
  ASSERT_TRUE(states.ok()) << states.status();
  EXPECT_EQ((*states)->UserIds()->size(), 20u);
}

TEST(SynthCommand, RefusesSizesOutOfRange) {
  const TemporaryFolder folder;
  EXPECT_NE(RunShortlist("synth --models " + folder.path().string() + " --items 10").exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "CURRENT"));
}

}  // namespace
}  // namespace shortlist
