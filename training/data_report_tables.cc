#include "training/data_report_tables.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/text/counts.h"
#include "common/text/decimal.h"

namespace shortlist {
namespace {

constexpr size_t kBarWidth = 30;

std::string Bar(uint64_t count, uint64_t most) {
  std::string bar;
  const auto width = static_cast<size_t>(std::ceil(
      static_cast<double>(kBarWidth * count) / static_cast<double>(std::max<uint64_t>(most, 1))));
  for (size_t i = 0; i < width; ++i) bar += "█";
  return bar;
}

// "1 / 12 / 50 / 90 / 314"
std::string Joined(const Quartiles& quartiles) {
  return absl::StrJoin(quartiles, " / ",
                       [](std::string* text, uint64_t number) { *text += Grouped(number); });
}

ReportTable Overview(const DataReport& report) {
  auto count = [](const ConcentrationReport& of) {
    std::string text = Grouped(of.with_any);
    if (of.with_none > 0)
      absl::StrAppend(&text, ", and ", Grouped(of.with_none), " without interactions");
    return text;
  };
  ReportTable table{
      .title = "Who, what, when",
      .note = "",
      .header = {"", "count"},
      .rows = {{"users", count(report.users)},
               {"items", count(report.items)},
               {"interactions", Grouped(report.interactions)},
               {"pairs of them that have one", absl::StrFormat("%.3g %%", 100 * report.density)},
               {"times", report.summary.time}}};
  if (report.first_ms) {
    table.rows.push_back({"first", DayOf(*report.first_ms)});
    table.rows.push_back({"last", DayOf(*report.last_ms)});
  }
  return table;
}

ReportTable Worth(const DataReport& report) {
  const DatasetSummary& summary = report.summary;
  ReportTable table{.title = "What rows count as",
                    .note = summary.worth,
                    .header = {"", "rows"},
                    .rows = {{"read", Grouped(summary.rows)}}};
  for (const auto& [count, why] : RowsLeftOut(summary))
    table.rows.push_back({absl::StrCat("left out: ", why), WithShare(count, summary.rows)});
  if (summary.refused > 0)
    table.rows.push_back(
        {"refused: negatives for the ranker", WithShare(summary.refused, summary.rows)});
  table.rows.push_back({"positive: learned from", WithShare(report.interactions, summary.rows)});
  return table;
}

ReportTable Order(const DataReport& report) {
  const DatasetSummary& summary = report.summary;
  auto share = [&](uint64_t count) { return WithShare(count, report.interactions); };
  ReportTable table{.title = "Ties and duplicates",
                    .note = "Of the positive interactions.",
                    .header = {"", "interactions"},
                    .rows = {}};
  if (report.first_ms || report.tied > 0 || summary.unknown_times > 0) {
    table.rows.push_back({"tied: at the time of another of the user", share(report.tied)});
    table.rows.push_back({"at a time that is not known", share(summary.unknown_times)});
  }
  table.rows.push_back({"repeats: with an item that the user had", share(summary.repeats)});
  return table;
}

ReportTable Periods(const DataReport& report) {
  ReportTable table{.title = "When", .note = "", .header = {"UTC", "interactions", ""}, .rows = {}};
  uint64_t most = 0;
  for (const Period& period : report.periods) most = std::max(most, period.interactions);
  for (const auto& [name, interactions] : report.periods)
    table.rows.push_back({name, Grouped(interactions), Bar(interactions, most)});
  return table;
}

ReportTable Sessions(const SessionReport& report) {
  ReportTable table{
      .title = "Sessions",
      .note = absl::StrCat(
          "A session is a run of a user's interactions without a pause of more than ",
          kSessionGapMs / 60'000, " minutes. There are ", Grouped(report.sessions), " of ",
          Grouped(report.users), " users; ", WithShare(report.users_with_one, report.users),
          " have one alone. Interactions of a session, least / quartiles / most: ",
          Joined(report.length), "."),
      .header = {"interactions", "sessions", ""},
      .rows = {}};
  uint64_t longest = 0;
  for (const auto& length : report.lengths) longest = std::max(longest, length.sessions);
  for (const auto& [least, most, sessions] : report.lengths)
    table.rows.push_back({most == least ? absl::StrCat(least)
                          : most == 0   ? absl::StrCat(least, " or more")
                                        : absl::StrCat(least, " to ", most),
                          WithShare(sessions, report.sessions), Bar(sessions, longest)});
  return table;
}

ReportTable Concentration(const ConcentrationReport& items, const ConcentrationReport& users) {
  ReportTable table{.title = "Popular and cold",
                    .note = "Of the items and the users that have interactions.",
                    .header = {"", "items", "users"},
                    .rows = {}};
  auto add = [&](const std::string& name, auto text_of) {
    table.rows.push_back({name, text_of(items), text_of(users)});
  };
  using Of = const ConcentrationReport&;
  add("interactions of one: least / quartiles / most",
      [](Of of) { return Joined(of.interactions); });
  add("top 1 %", [](Of of) { return Grouped(of.top); });
  add("  their share of the interactions",
      [](Of of) { return absl::StrFormat("%.1f %%", 100 * of.top_share); });
  add("Gini coefficient", [](Of of) { return absl::StrFormat("%.3f", of.gini); });
  add("with 1 interaction", [](Of of) { return WithShare(of.with_one, of.with_any); });
  add("with 2", [](Of of) { return WithShare(of.with_two, of.with_any); });
  add("with 5 or fewer", [](Of of) { return WithShare(of.with_five_or_fewer, of.with_any); });
  add("with none", [](Of of) { return Grouped(of.with_none); });
  return table;
}

ReportTable Ranks(const ConcentrationReport& items, const ConcentrationReport& users) {
  ReportTable table{.title = kRankTable,
                    .note =
                        "Of the item and the user with the most interactions, and so on. A power "
                        "law loses the same share with every step.",
                    .header = {"rank", "item", "user"},
                    .rows = {}};
  auto at = [](const ConcentrationReport& of, uint64_t rank) -> std::string {
    for (const auto& point : of.ranks)
      if (point.rank == rank) return Grouped(point.interactions);
    return "";
  };
  for (int half = 0;; ++half) {
    const auto rank = static_cast<uint64_t>(std::llround(std::pow(10, half / 2.0)));
    if (rank > std::max(items.with_any, users.with_any)) break;
    table.rows.push_back({Grouped(rank), at(items, rank), at(users, rank)});
  }
  return table;
}

const char* NameOf(AttributeType type) {
  switch (type) {
    case AttributeType::kToken:
      return "token";
    case AttributeType::kTokens:
      return "list of tokens";
    case AttributeType::kNumber:
      return "number";
  }
  return "";
}

std::string Content(const AttributeReport& attribute) {
  if (attribute.least)
    return absl::StrCat(FormatDecimal(*attribute.least), " to ", FormatDecimal(*attribute.most));
  return absl::StrJoin(
      attribute.most_frequent, ", ", [&](std::string* text, const AttributeReport::Value& value) {
        absl::StrAppendFormat(
            text, "%s %.0f %%", value.name,
            100 * static_cast<double>(value.rows) / static_cast<double>(attribute.rows));
      });
}

ReportTable Attributes(const DataReport& report) {
  ReportTable table{
      .title = "Attributes",
      .note = report.has_titles ? "" : "Items have no titles.",
      .header = {"of", "name", "taken as", "values", "missing", "range or most frequent"},
      .rows = {}};
  for (const AttributeReport& attribute : report.attributes)
    table.rows.push_back({attribute.of, attribute.name, NameOf(attribute.type),
                          Grouped(attribute.values), WithShare(attribute.missing, attribute.rows),
                          Content(attribute)});
  return table;
}

ReportTable Doubts(const DataReport& report) {
  ReportTable table{
      .title = "Ignored, in doubt, suspicious", .note = "", .header = {"of", "what"}, .rows = {}};
  for (const LeakageSuspicion& suspicion : report.summary.leakage)
    table.rows.push_back(
        {"leakage", absl::StrFormat("item attribute %s: rank correlation %.2f with the number of "
                                    "interactions; a count that includes the test tells the future",
                                    suspicion.attribute, suspicion.correlation)});
  for (const std::string& note : report.summary.notes.all())
    table.rows.push_back({"reading", note});
  if (table.rows.empty()) table.note = "Nothing.";
  return table;
}

}  // namespace

std::vector<ReportTable> DataReportTables(const DataReport& report) {
  std::vector<ReportTable> tables = {Overview(report), Worth(report), Order(report)};
  if (!report.periods.empty()) tables.push_back(Periods(report));
  if (report.sessions) tables.push_back(Sessions(*report.sessions));
  tables.push_back(Concentration(report.items, report.users));
  tables.push_back(Ranks(report.items, report.users));
  if (!report.attributes.empty()) tables.push_back(Attributes(report));
  tables.push_back(Doubts(report));
  return tables;
}

}  // namespace shortlist
