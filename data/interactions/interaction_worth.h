// What interactions are worth: above 0 something to learn from and to recommend more of, below 0
// refused, 0 says nothing. Declared as rules, or derived from a label or the ratings.
//
//   InteractionWorth worth(spec.worth);
//   RETURN_IF_ERROR(worth.Bind(file, label_column));
//   ASSIGN_OR_RETURN(const float of_row, worth.Of(cells));
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "data/dataset_spec.h"
#include "data/tables/atomic_file.h"

namespace shortlist {

// Of "rating>=4", "rating<=2" or "event=purchase"; says what is wrong with anything else.
absl::StatusOr<WorthRule> ParseWorthRule(std::string_view text, float worth);
// "rating >= 4": the condition alone.
std::string Describe(const WorthRule& rule);

// Reads the worth off the cells of rows, one file after the other, and counts what it meets.
class InteractionWorth {
 public:
  explicit InteractionWorth(std::vector<WorthRule> rules) : rules_(std::move(rules)) {}

  // Finds the rules' columns in a file; where there are no rules, `label` says where a label of 0
  // or 1 is, if anywhere: in every file or in none. An error says which column is missing.
  absl::Status Bind(const AtomicFile& file, std::optional<size_t> label);
  // Whether there is anything to read: rules, or a label in the file bound first.
  bool is_read_off_cells() const { return !rules_.empty(); }
  // Whether the rules use the column of that position in the bound file.
  bool Uses(size_t column) const;
  // That of the first rule that the row meets; of none, 0, or 1 where no rule is worth above 0. An
  // error says which cell is no number.
  absl::StatusOr<float> Of(std::span<const std::string_view> cells);

  // A line for people: what was met how often.
  std::string Describe() const;
  // What is in doubt about it; empty where nothing is.
  std::string Doubts() const;

 private:
  std::vector<WorthRule> rules_;
  bool is_label_ = false;
  std::string label_name_;
  float otherwise_ = 0;
  std::vector<size_t> columns_;  // By rule, of the bound file.
  std::vector<uint64_t> met_;    // By rule; the last is those that met none.
  uint64_t odd_labels_ = 0;      // Neither 0 nor 1.
};

// What ratings say where nothing is declared.
struct RatingWorth {
  std::vector<float> worths;  // By row; empty: 1 for all.
  std::string description;    // A line for people.
  std::vector<std::string> warnings;
};

// `ratings` are NaN where there is none; `column` is their name. Ratings that are only ever 0 or 1
// are refused or taken; ratings of 1 and -1 are likes and dislikes. All others are worth 1
// whatever they are. Ratings that stand apart and may mean that there is none, such as -1 or 0
// among 1 to 5, are warned of. `listed` are the rows out of lists of sequences, which have no
// rating: they are history, and worth 1.
RatingWorth DeriveWorth(std::span<const float> ratings, const std::string& column,
                        std::span<const uint32_t> listed = {});

}  // namespace shortlist
