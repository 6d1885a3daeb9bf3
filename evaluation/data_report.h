// What a data set is like, before anything is learned from it: who, what and when; how unequally
// the interactions are shared out; what is known of users and items; what is to be wary of.
//
//   const DataReport report = MakeDataReport(dataset);
//   for (const std::string& line : Highlights(report)) LogInfo(line);
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace shortlist {

// The longest pause between two interactions of a session, the usual one of web analytics.
inline constexpr int64_t kSessionGapMs = 30 * 60 * 1000;

// Least, lower quartile, median, upper quartile and most; each is one of the numbers. All 0 where
// there are none.
using Quartiles = std::array<uint64_t, 5>;

struct Period {
  std::string name;  // "1997-09-20", "1997-09" or "1997".
  uint64_t interactions = 0;
};

// Runs of a user's interactions without a pause of more than kSessionGapMs.
struct SessionReport {
  struct Length {
    uint64_t least = 0, most = 0;  // Interactions; most is 0 where there is no limit.
    uint64_t sessions = 0;
  };

  uint64_t sessions = 0;
  uint64_t users_with_one = 0;  // All of theirs are in one session.
  uint64_t users = 0;           // With an interaction at a known time.
  Quartiles length{};           // Interactions of a session.
  std::vector<Length> lengths;
};

// How the interactions are shared out among users, or among items. Shares and Gini coefficient are
// of those that have any.
struct ConcentrationReport {
  struct Rank {
    uint64_t rank = 0;          // 1: the one with the most interactions.
    uint64_t interactions = 0;  // Of the one at that rank.
  };

  uint64_t with_any = 0, with_none = 0;
  uint64_t with_one = 0, with_two = 0, with_five_or_fewer = 0;  // The last includes the others.
  Quartiles interactions{};
  uint64_t top = 0;      // One in a hundred, rounded up.
  double top_share = 0;  // Share of the interactions that the `top` of the most have.
  double gini = 0;
  // At ranks 10^(0/10), 10^(1/10), 10^(2/10)..., rounded, and at the last.
  std::vector<Rank> ranks;
};

struct AttributeReport {
  struct Value {
    std::string name;
    uint64_t rows = 0;
  };

  std::string of;  // "item", "user" or "interaction".
  std::string name;
  AttributeType type = AttributeType::kToken;
  uint64_t values = 0;  // Different ones.
  uint64_t rows = 0, missing = 0;
  std::vector<Value> most_frequent;   // At most three; none of numbers.
  std::optional<double> least, most;  // Of numbers.
};

// All of interactions that are worth more than 0.
struct DataReport {
  std::string name;
  DatasetSummary summary;

  uint64_t interactions = 0;
  uint64_t tied = 0;  // At the time of another one of their user.
  // Share of the pairs of a user and an item, both with interactions, that have one.
  double density = 0;

  // Of known Unix times, in UTC; otherwise none.
  std::optional<int64_t> first_ms, last_ms;
  // Days, months or years, the shortest of these of which there are at most 36; all in the range,
  // also those without interactions. None for a range of more than 200 years.
  std::vector<Period> periods;
  std::optional<SessionReport> sessions;

  ConcentrationReport users, items;
  bool has_titles = false;
  std::vector<AttributeReport> attributes;
};

DataReport MakeDataReport(const Dataset& dataset);

Quartiles QuartilesOf(std::vector<uint64_t> numbers);

// "1997-09-20", UTC.
std::string DayOf(int64_t time_ms);

// The few lines that matter before a long training.
std::vector<std::string> Highlights(const DataReport& report);

}  // namespace shortlist
