#include "evaluation/data_report.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/text/counts.h"
#include "data/split_summary.h"
#include "data/user_sequences.h"
#include "evaluation/ranking_metrics.h"

namespace shortlist {
namespace {

constexpr absl::civil_diff_t kMaxPeriods = 36;
constexpr absl::civil_diff_t kMaxYears = 200;
constexpr size_t kShownValues = 3;

absl::CivilSecond CivilOf(int64_t time_ms) {
  return absl::ToCivilSecond(absl::FromUnixMillis(time_ms), absl::UTCTimeZone());
}

// The interactions of each day, month or year from the first to the last.
template <class Civil>
std::vector<Period> CountPeriods(const DataReport& report,
                                 std::span<const DatasetInteraction> interactions) {
  const Civil first(CivilOf(*report.first_ms));
  std::vector<Period> periods;
  for (Civil period = first; period <= Civil(CivilOf(*report.last_ms)); ++period)
    periods.push_back({.name = absl::FormatCivilTime(period)});
  for (const DatasetInteraction& interaction : interactions)
    if (interaction.time_ms != kUnknownTime)
      ++periods[static_cast<size_t>(Civil(CivilOf(interaction.time_ms)) - first)].interactions;
  return periods;
}

template <class Civil>
absl::civil_diff_t PeriodsOf(const DataReport& report) {
  return Civil(CivilOf(*report.last_ms)) - Civil(CivilOf(*report.first_ms)) + 1;
}

void AddTimes(const Dataset& dataset, DataReport& report) {
  if (!dataset.has_unix_times) return;
  for (const auto& [user, item, time_ms, value, worth] : dataset.interactions) {
    if (time_ms == kUnknownTime) continue;
    report.first_ms = std::min(report.first_ms.value_or(time_ms), time_ms);
    report.last_ms = std::max(report.last_ms.value_or(time_ms), time_ms);
  }
  if (!report.first_ms || PeriodsOf<absl::CivilYear>(report) > kMaxYears) return;
  const std::span<const DatasetInteraction> interactions = dataset.interactions;
  if (PeriodsOf<absl::CivilDay>(report) <= kMaxPeriods)
    report.periods = CountPeriods<absl::CivilDay>(report, interactions);
  else if (PeriodsOf<absl::CivilMonth>(report) <= kMaxPeriods)
    report.periods = CountPeriods<absl::CivilMonth>(report, interactions);
  else
    report.periods = CountPeriods<absl::CivilYear>(report, interactions);
}

// Calls use(begin, end) for the interactions of each user who has any.
template <class Use>
void ForEachUser(const Dataset& dataset, Use use) {
  const std::vector<DatasetInteraction>& all = dataset.interactions;
  for (size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].user == all[begin].user) ++end;
    use(begin, end);
  }
}

SessionReport FindSessions(const Dataset& dataset) {
  SessionReport report;
  std::vector<uint64_t> lengths;
  std::vector<int64_t> times;
  ForEachUser(dataset, [&](size_t begin, size_t end) {
    times.clear();
    for (size_t i = begin; i < end; ++i)
      if (dataset.interactions[i].time_ms != kUnknownTime)
        times.push_back(dataset.interactions[i].time_ms);
    if (times.empty()) return;
    std::sort(times.begin(), times.end());  // Those of a fixed split's parts may overlap.
    const size_t before = lengths.size();
    for (size_t i = 0; i < times.size(); ++i) {
      if (i == 0 || times[i] - times[i - 1] > kSessionGapMs) lengths.push_back(0);
      ++lengths.back();
    }
    ++report.users;
    report.users_with_one += lengths.size() - before == 1;
  });
  report.sessions = lengths.size();
  report.lengths = {{1, 1}, {2, 2}, {3, 5}, {6, 10}, {11, 20}, {21, 50}, {51, 0}};
  for (const uint64_t length : lengths) {
    const auto bin =
        std::find_if(report.lengths.begin(), report.lengths.end(),
                     [&](const auto& within) { return within.most == 0 || length <= within.most; });
    ++bin->sessions;
  }
  report.length = QuartilesOf(std::move(lengths));
  return report;
}

ConcentrationReport FindConcentration(std::vector<uint32_t> counts) {
  ConcentrationReport report;
  std::sort(counts.begin(), counts.end(), std::greater<>());
  const auto none = std::lower_bound(counts.begin(), counts.end(), 0U, std::greater<>());
  report.with_none = static_cast<uint64_t>(counts.end() - none);
  counts.erase(none, counts.end());
  report.with_any = counts.size();
  if (counts.empty()) return report;
  for (const uint32_t count : counts) {
    report.with_one += count == 1;
    report.with_two += count == 2;
    report.with_five_or_fewer += count <= 5;
  }
  report.interactions = QuartilesOf({counts.begin(), counts.end()});
  report.top = (counts.size() + 99) / 100;
  const auto sum = [&](size_t first) {
    return std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(first),
                           0.0);
  };
  report.top_share = sum(report.top) / sum(counts.size());
  report.gini = Gini(counts);
  uint64_t rank = 1;
  for (int tenth = 0; rank < counts.size(); ++tenth) {
    if (report.ranks.empty() || report.ranks.back().rank != rank)
      report.ranks.push_back({rank, counts[rank - 1]});
    rank = static_cast<uint64_t>(std::llround(std::pow(10, (tenth + 1) / 10.0)));
  }
  report.ranks.push_back({counts.size(), counts.back()});
  return report;
}

// `numbers`: one list per numeric field of the schema.
void AddAttributes(const std::string& of, std::span<const AttributeFieldData> schema,
                   std::span<const uint32_t> codes, std::span<const uint64_t> offsets,
                   std::span<const std::vector<double>> numbers, DataReport& report) {
  if (schema.empty()) return;
  std::vector<uint32_t> field_of;  // By code.
  for (uint32_t f = 0; f < schema.size(); ++f)
    field_of.resize(field_of.size() + schema[f].values.size(), f);
  std::vector<uint64_t> rows_with_code(field_of.size()), rows_with_field(schema.size());
  const size_t rows = offsets.empty() ? 0 : offsets.size() - 1;
  for (size_t row = 0; row < rows; ++row) {
    uint32_t last = UINT32_MAX;  // Codes of one field are neighbours.
    for (const uint32_t code : CodesOf(offsets, codes, row)) {
      ++rows_with_code[code];
      if (field_of[code] != last) ++rows_with_field[field_of[code]];
      last = field_of[code];
    }
  }
  size_t first_code = 0, number = 0;
  for (size_t f = 0; f < schema.size(); ++f) {
    const auto& [name, type, values, edges] = schema[f];
    AttributeReport& attribute =
        report.attributes.emplace_back(AttributeReport{.of = of, .name = name, .type = type});
    attribute.rows = rows;
    attribute.missing = rows - rows_with_field[f];
    if (type == AttributeType::kNumber) {
      std::vector<double> known;
      for (const double value : numbers[number++])
        if (!std::isnan(value)) known.push_back(value);
      std::sort(known.begin(), known.end());
      if (!known.empty()) {
        attribute.least = known.front();
        attribute.most = known.back();
      }
      attribute.values =
          static_cast<uint64_t>(std::unique(known.begin(), known.end()) - known.begin());
    } else {
      attribute.values = values.size();
      std::vector<size_t> order(values.size());
      std::iota(order.begin(), order.end(), size_t{0});
      const size_t shown = std::min(kShownValues, order.size());
      std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown),
                        order.end(), [&](size_t a, size_t b) {
                          const uint64_t rows_a = rows_with_code[first_code + a];
                          const uint64_t rows_b = rows_with_code[first_code + b];
                          return rows_a != rows_b ? rows_a > rows_b : a < b;
                        });
      for (size_t i = 0; i < shown; ++i)
        attribute.most_frequent.push_back(
            {values[order[i]], rows_with_code[first_code + order[i]]});
    }
    first_code += values.size();
  }
}

}  // namespace

DataReport MakeDataReport(const Dataset& dataset) {
  DataReport report{.name = dataset.name,
                    .summary = dataset.summary,
                    .interactions = dataset.interactions.size(),
                    .tied = SummariseSplit(dataset, SplitPerUser(dataset, 0, 0)).tied_interactions};
  AddTimes(dataset, report);
  if (report.first_ms) report.sessions = FindSessions(dataset);
  std::vector<uint32_t> by_user(dataset.user_ids.size()), by_item(dataset.items.ids.size());
  for (const DatasetInteraction& interaction : dataset.interactions) {
    ++by_user[interaction.user];
    ++by_item[interaction.item];
  }
  report.users = FindConcentration(std::move(by_user));
  report.items = FindConcentration(std::move(by_item));
  if (report.interactions > 0)
    report.density =
        static_cast<double>(report.interactions - dataset.summary.repeats) /
        (static_cast<double>(report.users.with_any) * static_cast<double>(report.items.with_any));
  report.has_titles = !dataset.items.titles.empty();
  AddAttributes("item", dataset.items.schema, dataset.items.codes, dataset.items.code_offsets,
                dataset.items.numbers, report);
  AddAttributes("user", dataset.user_attributes.schema, dataset.user_attributes.codes,
                dataset.user_attributes.offsets, dataset.user_numbers, report);
  AddAttributes("interaction", dataset.context_attributes.schema, dataset.context_attributes.codes,
                dataset.context_attributes.offsets, {}, report);
  return report;
}

Quartiles QuartilesOf(std::vector<uint64_t> numbers) {
  Quartiles quartiles{};
  if (numbers.empty()) return quartiles;
  std::sort(numbers.begin(), numbers.end());
  for (size_t quarter = 0; quarter < quartiles.size(); ++quarter)
    quartiles[quarter] = numbers[quarter * (numbers.size() - 1) / 4];
  return quartiles;
}

std::string DayOf(int64_t time_ms) {
  return absl::FormatCivilTime(absl::CivilDay(CivilOf(time_ms)));
}

std::vector<std::string> Highlights(const DataReport& report) {
  const ConcentrationReport &users = report.users, &items = report.items;
  std::string what = absl::StrCat(Grouped(users.with_any), " users, ", Grouped(items.with_any),
                                  " items, ", Grouped(report.interactions), " interactions, ",
                                  absl::StrFormat("%.3g %% of all pairs", 100 * report.density));
  if (report.first_ms)
    absl::StrAppend(&what, ", from ", DayOf(*report.first_ms), " to ", DayOf(*report.last_ms));
  const auto cold = [](const ConcentrationReport& of) {
    return absl::StrCat(WithShare(of.with_one, of.with_any), " with one interaction, ",
                        WithShare(of.with_five_or_fewer, of.with_any), " with five or fewer");
  };
  std::vector<std::string> lines = {
      what,
      absl::StrFormat("the top 1 %% of the items have %.1f %% of the interactions (Gini %.2f)",
                      100 * items.top_share, items.gini),
      absl::StrCat("items: ", cold(items)), absl::StrCat("users: ", cold(users))};
  if (report.sessions)
    lines.push_back(absl::StrCat(Grouped(report.sessions->sessions),
                                 " sessions (pauses of at most 30 minutes), of ",
                                 report.sessions->length[2], " interactions in the median; ",
                                 WithShare(report.sessions->users_with_one, report.sessions->users),
                                 " of the users have one session alone"));
  return lines;
}

}  // namespace shortlist
