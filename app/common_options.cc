#include "app/common_options.h"

#include <map>
#include <string>

namespace shortlist {

void AddTimeBudget(CLI::App& command, double& seconds) {
  command
      .add_option("--time-budget", seconds,
                  "How long choosing and training the towers may take, such as 90s, 10m or 1h")
      ->transform(
          CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}, {"h", 3600}},
                                CLI::AsNumberWithUnit::CASE_INSENSITIVE, "TIME"))
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void AddSkipBadRows(CLI::App& command, bool& skip_bad_rows) {
  command.add_flag("--skip-bad-rows", skip_bad_rows,
                   "Count malformed rows and go on instead of stopping");
}

void AddSeed(CLI::App& command, uint64_t& seed) {
  command.add_option("--seed", seed, "Seed of everything random")->capture_default_str();
}

void AddThreads(CLI::App& command, size_t& threads) {
  command.add_option("--threads", threads, "Threads; 0: one per core")->capture_default_str();
}

}  // namespace shortlist
