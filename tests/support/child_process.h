// A program run by a test: its output is collected, and it is killed when the test leaves it.
//
//   ChildProcess server({SHORTLIST_PROGRAM, "serve", ...});
//   std::string line = server.ReadLine();
//   server.Signal(SIGTERM);
//   EXPECT_EQ(server.Wait(), 0) << server.errors();
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace shortlist {

class ChildProcess {
 public:
  // The first argument is the program's path. `environment`: "NAME=VALUE", in addition to ours.
  explicit ChildProcess(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line of standard output, without its end; empty at the end of the output.
  std::string ReadLine();
  // All that is left of standard output.
  std::string ReadAll();
  void Signal(int signal) const;
  pid_t pid() const { return pid_; }
  // Whether it has come to its end, of which Wait tells.
  bool HasEnded() const;
  // Waits for the end; the exit code, or minus the signal that killed it. Call it once.
  int Wait();
  // Standard error so far.
  std::string errors() const;

 private:
  TemporaryFolder folder_;
  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace shortlist
