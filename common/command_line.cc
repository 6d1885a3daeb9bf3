#include "common/command_line.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <utility>

namespace shortlist {

CommandOption& CommandOption::Required() {
  option_->required();
  return *this;
}

CommandOption& CommandOption::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

CommandOption& CommandOption::ShowDefault(const std::string& text) {
  option_->default_str(text);
  return *this;
}

CommandOption& CommandOption::WithinIntegers(int64_t least, int64_t most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

CommandOption& CommandOption::WithinReals(double least, double most) {
  option_->check(CLI::Range(least, most));
  // Neither below nor above.
  return Check([](const std::string& text) {
    double number = 0;
    return CLI::detail::lexical_cast(text, number) && std::isnan(number) ? "is not a number" : "";
  });
}

CommandOption& CommandOption::Positive() {
  option_->check(CLI::PositiveNumber);
  return *this;
}

CommandOption& CommandOption::NotNegative() {
  option_->check(CLI::NonNegativeNumber);
  return *this;
}

CommandOption& CommandOption::OneOf(const std::vector<std::string>& values) {
  option_->check(CLI::IsMember(values));
  return *this;
}

CommandOption& CommandOption::Check(
    const std::function<std::string(const std::string&)>& problem_of) {
  option_->check(problem_of);
  return *this;
}

CommandOption& CommandOption::Separated(char delimiter) {
  option_->delimiter(delimiter);
  return *this;
}

CommandOption& CommandOption::OneEachTime(const std::string& name) {
  option_->allow_extra_args(false)->type_name(name);
  return *this;
}

CommandOption& CommandOption::Time() {
  option_->transform(
      CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}, {"h", 3600}},
                            CLI::AsNumberWithUnit::CASE_INSENSITIVE, "TIME"));
  return *this;
}

CommandOption& CommandOption::Needs(const CommandOption& other) {
  option_->needs(other.option_);
  return *this;
}

CommandOption& CommandOption::Excludes(const CommandOption& other) {
  option_->excludes(other.option_);
  return *this;
}

template <typename T>
CommandOption Command::Add(const std::string& name, T& target, const std::string& help) {
  return CommandOption(app_->add_option(name, target, help));
}

template CommandOption Command::Add(const std::string&, std::string&, const std::string&);
template CommandOption Command::Add(const std::string&, std::filesystem::path&, const std::string&);
template CommandOption Command::Add(const std::string&, int&, const std::string&);
template CommandOption Command::Add(const std::string&, int64_t&, const std::string&);
template CommandOption Command::Add(const std::string&, uint32_t&, const std::string&);
template CommandOption Command::Add(const std::string&, uint64_t&, const std::string&);
template CommandOption Command::Add(const std::string&, float&, const std::string&);
template CommandOption Command::Add(const std::string&, double&, const std::string&);
template CommandOption Command::Add(const std::string&, std::vector<std::string>&,
                                    const std::string&);
template CommandOption Command::Add(const std::string&, std::vector<int>&, const std::string&);
template CommandOption Command::Add(const std::string&, std::vector<uint64_t>&, const std::string&);
template CommandOption Command::Add(const std::string&, std::vector<float>&, const std::string&);
template CommandOption Command::Add(const std::string&, std::vector<double>&, const std::string&);

CommandOption Command::Add(const std::string& name,
                           const std::function<void(const std::string&)>& on_given,
                           const std::string& help) {
  return CommandOption(app_->add_option_function<std::string>(name, on_given, help));
}

CommandOption Command::AddFlag(const std::string& name, bool& target, const std::string& help) {
  return CommandOption(app_->add_flag(name, target, help));
}

void Command::AddFlag(const std::string& name, const std::function<void()>& on_given,
                      const std::string& help) {
  app_->add_flag_callback(name, on_given, help);
}

Command Command::AddCommand(const std::string& name, const std::string& help) {
  return Command(app_->add_subcommand(name, help));
}

void Command::RequireCommand() { app_->require_subcommand(1); }

Command Command::AddOneOf(const std::string& name) {
  CLI::App* group = app_->add_option_group(name);
  group->require_option(1);
  return Command(group);
}

void Command::OnChosen(const std::function<void()>& action) { app_->callback(action); }

bool Command::chosen() const { return app_->parsed(); }

CommandLine::CommandLine(const std::string& help) : CommandLine(std::make_unique<CLI::App>(help)) {}

CommandLine::CommandLine(std::unique_ptr<CLI::App> app)
    : Command(app.get()), owned_(std::move(app)) {}

CommandLine::~CommandLine() = default;

std::optional<int> CommandLine::Parse(int argc, const char* const* argv) {
  try {
    owned_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return owned_->exit(error);
  }
  return std::nullopt;
}

bool CommandLine::Accepts(const std::string& arguments) {
  try {
    owned_->parse(arguments);
  } catch (const CLI::ParseError&) {
    return false;
  }
  return true;
}

}  // namespace shortlist
