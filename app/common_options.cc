#include "app/common_options.h"

#include <string>

#include "data/interactions/interaction_worth.h"

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

void AddWorth(Command& command, WorthFlags& flags) {
  auto add = [&](const std::string& name, std::vector<std::string>& target,
                 const std::string& help) {
    command.Add(name, target, help).OneEachTime("CONDITION").Check([](const std::string& text) {
      return std::string(ParseWorthRule(text, 1).status().message());
    });
  };
  add("--positive", flags.positive,
      "Which interactions to learn from and to recommend more of, such as \"rating>=4\" or "
      "event=purchase; all others are left out [as the data set's spec or its columns say]");
  add("--negative", flags.negative,
      "Which interactions are refusals, such as \"rating<=2\" or label=0: negatives for the "
      "ranker alone; without --positive all others are positive");
}

std::vector<WorthRule> RulesOf(const WorthFlags& flags) {
  std::vector<WorthRule> rules;
  for (const std::string& text : flags.positive) rules.push_back(*ParseWorthRule(text, 1));
  for (const std::string& text : flags.negative) rules.push_back(*ParseWorthRule(text, -1));
  return rules;
}

CommandOption AddSeed(Command& command, uint64_t& seed) {
  return command.Add("--seed", seed, "Seed of everything random").ShowDefault();
}

void AddThreads(Command& command, size_t& threads) {
  command.Add("--threads", threads, "Threads; 0: one per core").ShowDefault();
}

CommandOption AddState(Command& command, std::string& state) {
  return command.Add("--state", state,
                     "User states and event log: a SQLite file [state.db in the models folder]");
}

std::string StateOf(const std::string& state, const std::filesystem::path& models) {
  return state.empty() ? (models / "state.db").string() : state;
}

}  // namespace shortlist
