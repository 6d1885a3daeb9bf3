// `shortlist health`, run as a program.

#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shortlist_program.h"

namespace shortlist {
namespace {

TEST(HealthCommand, ExitsWithZeroWhileTheServerIsReadyAndWithOneWhenItIsGone) {
  ServeProcess server({});
  const CommandResult ready = RunShortlist({"health", "--server", server.address()});
  EXPECT_EQ(ready.exit_code, 0) << ready.errors;
  EXPECT_EQ(ready.output, "");
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0);
  const CommandResult gone = RunShortlist({"health", "--server", server.address()});
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_THAT(gone.errors, ::testing::StartsWith("shortlist: " + server.address() + ": "));
}

}  // namespace
}  // namespace shortlist
