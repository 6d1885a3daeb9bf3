// The command line of a program: commands, their options, and help. A narrow view of CLI11, whose
// header compiles the whole library into every source that includes it.
//
//   CommandLine line("Does things.");
//   Command train = line.AddCommand("train", "Train on a data set.");
//   train.Add("--dim", dim, "Size of the embeddings").Within(4, 1024).ShowDefault();
//   train.OnChosen([&] { ... });
//   if (const std::optional<int> code = line.Parse(argc, argv)) return *code;
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace shortlist {

// An option of a command, for as long as its command line lives.
class CommandOption {
 public:
  explicit CommandOption(CLI::Option* option) : option_(option) {}

  CommandOption& Required();
  CommandOption& ShowDefault();  // Help says what the target holds.
  CommandOption& ShowDefault(const std::string& text);
  // Numbers within [least, most].
  template <typename Number>
  CommandOption& Within(Number least, Number most) {
    if constexpr (std::is_integral_v<Number>)
      return WithinIntegers(least, most);
    else
      return WithinReals(least, most);
  }
  CommandOption& Positive();
  CommandOption& NotNegative();
  CommandOption& OneOf(const std::vector<std::string>& values);
  // `problem_of` says what is wrong with a value; empty: nothing.
  CommandOption& Check(const std::function<std::string(const std::string&)>& problem_of);
  // Several values in one, as A,B,C.
  CommandOption& Separated(char delimiter);
  // One value each time that it is given; help calls it `name`.
  CommandOption& OneEachTime(const std::string& name);
  // A time such as 90s, 10m or 1h, in seconds.
  CommandOption& Time();
  CommandOption& Needs(const CommandOption& other);
  CommandOption& Excludes(const CommandOption& other);

 private:
  CommandOption& WithinIntegers(int64_t least, int64_t most);
  CommandOption& WithinReals(double least, double most);

  CLI::Option* option_;
};

// The program or one of its commands, for as long as its command line lives.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  // What is given is written to `target`, which holds the default and must live until the command
  // line is parsed. T: std::string, std::filesystem::path, int, int64_t, uint32_t, uint64_t, float,
  // double, or a vector of std::string, int, uint64_t, float or double.
  template <typename T>
  CommandOption Add(const std::string& name, T& target, const std::string& help);
  CommandOption Add(const std::string& name,
                    const std::function<void(const std::string&)>& on_given,
                    const std::string& help);
  CommandOption AddFlag(const std::string& name, bool& target, const std::string& help);
  void AddFlag(const std::string& name, const std::function<void()>& on_given,
               const std::string& help);

  Command AddCommand(const std::string& name, const std::string& help);
  void RequireCommand();                      // One of those added.
  Command AddOneOf(const std::string& name);  // A group of options, of which one must be given.

  // Called once the whole line is parsed, if this command is the one that was given.
  void OnChosen(const std::function<void()>& action);
  bool chosen() const;

 private:
  CLI::App* app_;
};

class CommandLine : public Command {
 public:
  explicit CommandLine(const std::string& help);
  ~CommandLine();

  // Nothing if the program is to go on; otherwise what it is to exit with, after help or what is
  // wrong has been printed.
  std::optional<int> Parse(int argc, const char* const* argv);
  // The same for one line of arguments; prints nothing. False: something is wrong.
  bool Accepts(const std::string& arguments);

 private:
  explicit CommandLine(std::unique_ptr<CLI::App> app);
  std::unique_ptr<CLI::App> owned_;
};

}  // namespace shortlist
