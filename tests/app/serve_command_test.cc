// `shortlist serve`, run as a program.

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/bundle.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

TEST(ServeCommand, RefusesToStartWithADamagedFileAndNamesIt) {
  const TemporaryFolder copy;
  const std::filesystem::path models = copy / "models";
  std::filesystem::copy(SharedTestModels().folder(), models,
                        std::filesystem::copy_options::recursive);
  const std::filesystem::path file = models / SharedTestModels().bundle()->version / kTowersFile;
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  const CommandResult result =
      RunShortlist({"serve", "--models", models.string(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.errors, HasSubstr(file.string()));
}

TEST(ServeCommand, RefusesAConfigurationWithAFieldThatItDoesNotKnow) {
  const TemporaryFolder folder;
  const std::string config = folder.Write("server.txtpb", "models_dir: \"x\"\n\nprot: 7\n");
  const CommandResult result = RunShortlist({"serve", "--config", config});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr(config + ":3:"));
  EXPECT_THAT(result.errors, HasSubstr("\"prot\""));
}

TEST(ServeCommand, SaysThatItsAddressIsTaken) {
  ServeProcess server({});
  const CommandResult result = RunShortlist(
      {"serve", "--models", SharedTestModels().folder().string(), "--listen", server.address()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors,
              HasSubstr("cannot listen on " + server.address() + ": the address is in use"));
}

TEST(ServeCommand, AsksForTheModels) {
  const CommandResult result = RunShortlist("serve");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("give --models, or models_dir in --config"));
}

}  // namespace
}  // namespace shortlist
