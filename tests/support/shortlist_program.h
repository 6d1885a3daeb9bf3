// The program itself, run by a test.
//
//   ServeProcess server({"--role", "ranking"});
//   EXPECT_EQ(RunShortlist({"health", "--server", server.address()}).exit_code, 0);
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {

struct CommandResult {
  int exit_code;
  std::string output;
  std::string errors;
};

// Runs a program to its end; the first argument is its path.
CommandResult RunProgram(const std::vector<std::string>& arguments);

// Runs `shortlist` with these arguments to its end.
CommandResult RunShortlist(std::vector<std::string> arguments);
// The same with arguments between single spaces.
CommandResult RunShortlist(const std::string& line);

// A `shortlist serve` process that is ready, of SharedTestModels or another folder on a free port.
// Without a --config of its own it has a minute for an answer, however slow the machine.
class ServeProcess {
 public:
  explicit ServeProcess(std::vector<std::string> arguments,
                        const std::filesystem::path& models = {});

  // The line that it prints when it is ready.
  const std::string& ready() const { return ready_; }
  const std::string& address() const { return address_; }
  ChildProcess& process() { return process_; }

 private:
  TemporaryFolder folder_;
  ChildProcess process_;
  std::string ready_;
  std::string address_;
};

}  // namespace shortlist
