#include "tests/support/shortlist_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_split.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

std::vector<std::string> ServeCommand(std::vector<std::string> arguments,
                                      const std::filesystem::path& models,
                                      const TemporaryFolder& folder) {
  if (std::ranges::find(arguments, "--config") == arguments.end())
    arguments.insert(
        arguments.end(),
        {"--config", folder.Write("patient.txtpb", "budget_ms: 60000 request_timeout_ms: 60000")});
  std::vector<std::string> all = {
      SHORTLIST_PROGRAM, "serve",
      "--models",        (models.empty() ? SharedTestModels().folder() : models).string(),
      "--listen",        "127.0.0.1:0"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

}  // namespace

CommandResult RunProgram(const std::vector<std::string>& arguments) {
  ChildProcess process(arguments);
  CommandResult result;
  result.output = process.ReadAll();
  result.exit_code = process.Wait();
  result.errors = process.errors();
  return result;
}

CommandResult RunShortlist(std::vector<std::string> arguments) {
  std::vector<std::string> command(1 + arguments.size());
  command[0] = SHORTLIST_PROGRAM;
  std::move(arguments.begin(), arguments.end(), command.begin() + 1);
  return RunProgram(command);
}

CommandResult RunShortlist(const std::string& line) {
  return RunShortlist(std::vector<std::string>(absl::StrSplit(line, ' ')));
}

ServeProcess::ServeProcess(std::vector<std::string> arguments, const std::filesystem::path& models)
    : process_(ServeCommand(std::move(arguments), models, folder_)), ready_(process_.ReadLine()) {
  EXPECT_THAT(ready_, ::testing::StartsWith("listening on 127.0.0.1:")) << process_.errors();
  const size_t begin = std::string("listening on ").size();
  address_ = ready_.substr(begin, ready_.find(' ', begin) - begin);
}

}  // namespace shortlist
