#include "app/common_options.h"

namespace shortlist {

void AddTimeBudget(Command& command, double& seconds) {
  command
      .Add("--time-budget", seconds,
           "How long choosing and training the towers may take, such as 90s, 10m or 1h")
      .Time()
      .Positive()
      .ShowDefault();
}

void AddSkipBadRows(Command& command, bool& skip_bad_rows) {
  command.AddFlag("--skip-bad-rows", skip_bad_rows,
                  "Count malformed rows and go on instead of stopping");
}

CommandOption AddSeed(Command& command, uint64_t& seed) {
  return command.Add("--seed", seed, "Seed of everything random").ShowDefault();
}

void AddThreads(Command& command, size_t& threads) {
  command.Add("--threads", threads, "Threads; 0: one per core").ShowDefault();
}

}  // namespace shortlist
