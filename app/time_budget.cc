// --time-budget of the commands that train.

#include <CLI/CLI.hpp>

#include "app/commands.h"

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

}  // namespace shortlist
