// `shortlist train`, run as a program.

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/bundle.h"
#include "state/sqlite/sqlite_state_store.h"
#include "tests/support/datasets/toy_dataset_files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class TrainCommandTest : public ::testing::Test {
 protected:
  CommandResult Train(const std::string& options) {
    return RunShortlist("train --dataset " + toy_ + " --models " + models_ +
                        " --dim 4 --epochs 1 --no-refit --threads 1" + options);
  }

  TemporaryFolder folder_;
  const std::string toy_ = WriteToyDataset(folder_);
  const std::string models_ = (folder_ / "models").string();
};

TEST_F(TrainCommandTest, PublishesABundleAndTheStatesOfItsUsersAndPrintsWhatWasMeasured) {
  const CommandResult trained = Train(" --liked-head");
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_THAT(trained.output, HasSubstr("Measured on the last interactions of 30 users"));
  EXPECT_THAT(trained.output, HasSubstr("ndcg@10"));
  EXPECT_THAT(trained.errors, HasSubstr("toy: the top 1 % of the items have"));
  EXPECT_THAT(trained.output, HasSubstr("Of what they took up: "));
  const auto bundle = LoadCurrentBundle(models_);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->catalog.item_count(), 36u);
  EXPECT_TRUE((*bundle)->liked_head.has_value());
  EXPECT_THAT(trained.output, HasSubstr("bundle " + (*bundle)->id));
  const auto states = SqliteStateStore::Open(folder_ / "models/state.db", StateProjection());
  ASSERT_TRUE(states.ok()) << states.status();
  UserState state;
  ASSERT_TRUE((*states)->Read(UserKey("4"), state).value_or(false));
  EXPECT_EQ(state.history.size(), 10u);

  const CommandResult again = Train(" --unless-published");
  EXPECT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_THAT(again.output, HasSubstr("has a published bundle; nothing to do"));
}

TEST_F(TrainCommandTest, NamesTheFeatureThatDoesNotFitTheDataset) {
  const CommandResult refused =
      Train(" --features " + folder_
                                 .Write("bad.txtpb",
                                        "features { name: \"s\" kind: FEATURE_KIND_TOWER_SCORE }\n"
                                        "features { name: \"x\" kind: FEATURE_KIND_ITEM_NUMBER "
                                        "item_attribute: \"genre\" }\n")
                                 .string());
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors,
              HasSubstr("bad.txtpb:2: feature x: the item attribute \"genre\" is not a number"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "models/CURRENT"));
}

TEST_F(TrainCommandTest, RefusesALikedHeadWithoutAnyLikedInteraction) {
  const CommandResult refused = Train(" --liked-head --liked-value 9");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors,
              HasSubstr("none of 300 interactions has a value of at least 9 (--liked-value)"));
}

TEST_F(TrainCommandTest, SaysBeforeTheLongWorkThatThereIsNothingToTest) {
  folder_.Write("few/few.inter", "user_id:token\titem_id:token\n1\ta\n1\tb\n2\ta\n");
  const CommandResult refused =
      RunShortlist("train --dataset " + (folder_ / "few").string() + " --models " + models_);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("users need three interactions at least"));
  EXPECT_THAT(refused.errors, ::testing::Not(HasSubstr("epoch")));
}

TEST_F(TrainCommandTest, LearnsFromWhatFlagsSayIsPositive) {
  const CommandResult refused = Train(" --positive rating>=9");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("no interaction is left that is worth more than 0"));
  EXPECT_THAT(refused.errors, HasSubstr("no row meets the rule rating >= 9"));
}

TEST_F(TrainCommandTest, AsksForTheModelsFolder) {
  const CommandResult refused = RunShortlist("train --dataset " + toy_);
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.output + refused.errors, HasSubstr("--models is required"));
}

}  // namespace
}  // namespace shortlist
