#include "data/interactions/interaction_worth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "common/text/strings.h"
#include "data/tables/cell_numbers.h"
#include "data/tables/no_value.h"

namespace shortlist {
namespace {

using Condition = WorthRule::Condition;

constexpr float kRefused = -1;
// Numbers that often stand for "no rating".
constexpr std::array<float, 7> kUsualSentinels = {-999, -99, -1, 0, 99, 999, 9999};

absl::StatusOr<bool> Meets(std::string_view cell, const WorthRule& rule) {
  if (cell.empty()) return false;
  if (rule.condition == Condition::kIs) return SayTheSame(cell, rule.is);
  if (MeansNoValue(cell)) return false;
  const std::optional<double> number = NumberOf(cell);
  if (!number)
    return absl::InvalidArgumentError(
        absl::StrCat(rule.column, " is not a finite number: \"", AbslView(cell), "\""));
  return rule.condition == Condition::kAtLeast ? *number >= rule.bound : *number <= rule.bound;
}

std::string DescribeWorth(float worth) {
  if (worth < 0) return "refused";
  return worth == 0 ? "left out" : absl::StrCat("worth ", worth);
}

}  // namespace

std::string Describe(const WorthRule& rule) {
  switch (rule.condition) {
    case Condition::kIs:
      return absl::StrCat(rule.column, " = ", rule.is);
    case Condition::kAtLeast:
      return absl::StrCat(rule.column, " >= ", rule.bound);
    case Condition::kAtMost:
      return absl::StrCat(rule.column, " <= ", rule.bound);
  }
  return "";
}

absl::StatusOr<WorthRule> ParseWorthRule(std::string_view text, float worth) {
  const auto error = [&](std::string_view reason) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", AbslView(text), "\": ", AbslView(reason),
                     "; of the form \"rating>=4\", \"rating<=2\" or \"event=purchase\""));
  };
  const size_t sign = text.find_first_of("<>=");
  if (sign == std::string_view::npos || sign == 0) return error("no condition");
  WorthRule rule{.column = std::string(absl::StripAsciiWhitespace(AbslView(text.substr(0, sign)))),
                 .worth = worth};
  std::string_view rest = text.substr(sign);
  if (rest.starts_with(">=")) {
    rule.condition = Condition::kAtLeast;
  } else if (rest.starts_with("<=")) {
    rule.condition = Condition::kAtMost;
  } else if (rest.front() != '=') {
    return error("there is no condition < or >");
  }
  rest.remove_prefix(rule.condition == Condition::kIs && !rest.starts_with("==") ? 1 : 2);
  rule.is = std::string(absl::StripAsciiWhitespace(AbslView(rest)));
  if (rule.is.empty()) return error("the value is missing");
  if (rule.condition == Condition::kIs) return rule;
  const std::optional<double> bound = NumberOf(rule.is);
  if (!bound) return error("the bound is no number");
  rule.is.clear();
  rule.bound = *bound;
  return rule;
}

absl::Status InteractionWorth::Bind(const AtomicFile& file, std::optional<size_t> label) {
  const bool is_first = met_.empty();
  if (rules_.empty() && label && !is_first)
    return file.HeaderError(absl::StrCat("the files before have no column \"",
                                         file.columns()[*label].name,
                                         "\", which says what interactions are worth"));
  if (rules_.empty() && label) {
    is_label_ = true;
    label_name_ = file.columns()[*label].name;
    constexpr double kAbove0 = std::numeric_limits<double>::denorm_min();
    rules_ = {
        {.column = label_name_, .condition = Condition::kAtLeast, .bound = kAbove0, .worth = 1},
        {.column = label_name_, .condition = Condition::kAtMost, .worth = kRefused}};
  }
  met_.resize(rules_.size() + 1);
  const bool has_positive = std::any_of(rules_.begin(), rules_.end(),
                                        [](const WorthRule& rule) { return rule.worth > 0; });
  otherwise_ = has_positive ? 0 : 1;
  columns_.clear();
  for (const WorthRule& rule : rules_) {
    const std::optional<size_t> column = file.FindColumn(rule.column);
    if (!column)
      return file.HeaderError(absl::StrCat("there is no column \"", rule.column,
                                           "\", which says what interactions are worth"));
    columns_.push_back(*column);
  }
  return absl::OkStatus();
}

bool InteractionWorth::Uses(size_t column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

absl::StatusOr<float> InteractionWorth::Of(std::span<const std::string_view> cells) {
  for (size_t i = 0; i < rules_.size(); ++i) {
    ASSIGN_OR_RETURN(const bool meets, Meets(cells[columns_[i]], rules_[i]));
    if (!meets) continue;
    ++met_[i];
    if (is_label_) {
      const double label = *NumberOf(cells[columns_[i]]);
      odd_labels_ += label != 0 && label != 1;
    }
    return rules_[i].worth;
  }
  ++met_.back();
  return otherwise_;
}

std::string InteractionWorth::Describe() const {
  if (is_label_) {
    std::string text = absl::StrCat(label_name_, ": 1 is positive (", Rows(met_[0]),
                                    "), 0 is refused (", Rows(met_[1]), ")");
    if (met_[2] > 0) absl::StrAppend(&text, ", without a label and left out ", Rows(met_[2]));
    return text;
  }
  std::string text = "worth:";
  for (size_t i = 0; i < rules_.size(); ++i)
    absl::StrAppend(&text, i == 0 ? " " : ", ", shortlist::Describe(rules_[i]), " is ",
                    DescribeWorth(rules_[i].worth), " (", Rows(met_[i]), ")");
  absl::StrAppend(&text, ", all others are ", DescribeWorth(otherwise_), " (", Rows(met_.back()),
                  ")");
  return text;
}

std::string InteractionWorth::Doubts() const {
  if (odd_labels_ > 0)
    return absl::StrCat(label_name_, " is neither 0 nor 1 in ", Rows(odd_labels_),
                        ": above 0 was taken for positive; --positive says otherwise");
  for (size_t i = 0; i < rules_.size(); ++i)
    if (met_[i] == 0 && !is_label_)
      return absl::StrCat("no row meets the rule ", shortlist::Describe(rules_[i]));
  return "";
}

RatingWorth DeriveWorth(std::span<const float> ratings, const std::string& column,
                        std::span<const uint32_t> listed) {
  uint64_t rated = 0, ones = 0, zeros = 0, minus_ones = 0;
  std::array<uint64_t, kUsualSentinels.size()> sentinels{};
  float least = std::numeric_limits<float>::infinity(), most = -least;  // Of all other ratings.
  for (float rating : ratings) {
    if (std::isnan(rating)) continue;
    ++rated;
    ones += rating == 1;
    zeros += rating == 0;
    minus_ones += rating == -1;
    const auto* it = std::find(kUsualSentinels.begin(), kUsualSentinels.end(), rating);
    if (it != kUsualSentinels.end()) {
      ++sentinels[static_cast<size_t>(it - kUsualSentinels.begin())];
      continue;
    }
    least = std::min(least, rating);
    most = std::max(most, rating);
  }
  RatingWorth result;
  const std::string otherwise = "; --positive and --negative say otherwise";
  if (rated > 0 && ones > 0 && ones < rated && ones + zeros + minus_ones == rated) {
    const bool thumbs = minus_ones > 0;  // Down, nothing, up.
    result.worths.reserve(ratings.size());
    for (float rating : ratings) {
      float worth = 0;
      if (rating == 1) worth = 1;
      if (rating == (thumbs ? -1.0F : 0.0F)) worth = kRefused;
      result.worths.push_back(worth);
    }
    for (const uint32_t row : listed) result.worths[row] = 1;
    result.description =
        absl::StrCat(column, ": 1 is positive (", Rows(ones), "), ", thumbs ? "-1" : "0",
                     " is refused (", Rows(thumbs ? minus_ones : zeros), ")");
    const uint64_t nothing = ratings.size() - listed.size() - ones - (thumbs ? minus_ones : zeros);
    if (nothing > 0)
      absl::StrAppend(&result.description, ", ", thumbs && zeros > 0 ? "0 or " : "",
                      "no value is left out (", Rows(nothing), ")");
    result.warnings.push_back(absl::StrCat(column, " is only ever ",
                                           thumbs ? "-1, 0 or 1" : "0 or 1",
                                           " and was taken for a label", otherwise));
    return result;
  }
  result.description = absl::StrCat("every interaction is worth 1, whatever its rating (",
                                    Rows(ratings.size()), ")");
  if (rated == 0) {
    result.description = absl::StrCat("every interaction is worth 1 (", Rows(ratings.size()), ")");
    return result;
  }
  if (least < most)
    absl::StrAppend(&result.description, "; --positive \"", column,
                    ">=", most >= 4 && most <= 5 ? 4 : most, "\" says otherwise");
  for (size_t i = 0; i < kUsualSentinels.size(); ++i) {
    const float sentinel = kUsualSentinels[i];
    if (sentinels[i] == 0 || least > most) continue;
    const bool below = sentinel < 0 ? least >= 0 || sentinel < 2 * least
                                    : sentinel == 0 && least >= 0.5F && most >= 3;
    const bool above = sentinel > 0 && sentinel > 2 * most;
    if (below || above)
      result.warnings.push_back(absl::StrFormat(
          "%s %g (%s) stands apart from %g to %g: if it means that there is none, say so in the "
          "data set's spec: columns { name: \"%s\" missing: \"%g\" }",
          column, sentinel, Rows(sentinels[i]), least, most, column, sentinel));
  }
  return result;
}

}  // namespace shortlist
