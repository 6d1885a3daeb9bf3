// Small tables as people bring them, by the thousand: the quirks are drawn at random, what they
// mean is known. Each must be read right or refused by name; nothing may be silently wrong.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/text/decimal.h"
#include "data/dataset.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/captured_log.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

constexpr int kTables = 10'000;

struct Item {
  std::string title, code, shelf;
  std::set<std::string> genres;
  std::optional<double> released;
};

struct Event {
  std::string user, item;
  int64_t seconds;

  auto operator<=>(const Event&) const = default;
};

// What the table says.
struct Truth {
  std::map<std::string, Item> items;
  std::vector<Event> events;
};

// How the table says it.
struct Quirks {
  std::string genre_separator;
  std::string missing;  // What stands where there is no number.
  std::string before_header, after_rows, line_end;
  std::string header_separator = "\t", cell_separator = "\t";
  bool untyped = false;   // The header of the interactions.
  bool trailing = false;  // A separator at the end of each line.
  bool quoted = false;    // As pandas does, where a cell asks for it.
  std::string fault;      // What makes the table one to refuse; empty: nothing does.
};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  Quirks DrawQuirks() {
    Quirks quirks;
    quirks.genre_separator = OneOf({" ", "|", ";", ",", ", ", " | "});
    quirks.missing = OneOf({"", "NA", "—", "unknown", "nan", "-"});
    quirks.before_header = OneOf({"", "", "\xEF\xBB\xBF", "# ", "#", "\n"});
    quirks.after_rows = OneOf({"", "\n", "\n\n", "  \n"});
    quirks.line_end = OneOf({"\n", "\n", "\r\n"});
    if (Chance(5)) quirks.header_separator = quirks.cell_separator = OneOf({",", ";"});
    if (Chance(5)) quirks.header_separator = OneOf({",", ", ", ";", " "});
    if (quirks.header_separator[0] != quirks.cell_separator[0]) quirks.cell_separator = "\t";
    quirks.untyped = Chance(4);
    quirks.trailing = Chance(4);
    quirks.quoted = Chance(3);
    if (Chance(6))
      quirks.fault = OneOf({"short row", "long row", "no user", "no item", "second row",
                            "no header", "foreign type", "malformed UTF-8", "no type"});
    return quirks;
  }

  Truth DrawTruth(const Quirks& quirks) {
    // A space separates no values that hold one.
    const std::vector<std::string> genres =
        quirks.genre_separator == " "
            ? std::vector<std::string>{"Drama", "War", "Children's", "Sci-Fi"}
            : std::vector<std::string>{"Drama", "War", "Martial Arts", "Film Noir"};
    Truth truth;
    const size_t count = 2 + Below(5);
    const double base = OneOf<double>({20240227, 1709164800, 1709164800123, 0.1, 1999});
    for (size_t i = 0; i < count; ++i) {
      Item item;
      item.title = absl::StrCat("Title ", i);
      if (quirks.quoted && Chance(3)) item.title = absl::StrCat("\"G\" C ", i);
      if (quirks.cell_separator == "\t" && Chance(3)) absl::StrAppend(&item.title, ", The");
      item.code = OneOf({"007", "7", "0", "00", "12"});
      item.shelf = OneOf({"Upper", "Lower"});
      // The first has two, so that the separator is to be seen.
      const size_t values = i == 0 ? 2 : Below(3);
      while (item.genres.size() < values) item.genres.insert(OneOf(genres));
      if (!Chance(4)) item.released = base + static_cast<double>(i);
      truth.items[absl::StrCat("i", i)] = item;
    }
    for (size_t user = 0; user < 1 + Below(3); ++user)
      for (size_t e = 0; e < 1 + Below(4); ++e)
        truth.events.push_back({absl::StrCat("u", user), absl::StrCat("i", Below(count)),
                                1'600'000'000 + static_cast<int64_t>(Below(1'000'000))});
    return truth;
  }

  // Both files; one of them has the fault.
  void Write(const Truth& truth, const Quirks& quirks, const TemporaryFolder& folder) {
    using Rows = std::vector<std::vector<std::string>>;
    Rows events = {{"user_id:token", "item_id:token", "timestamp:float"}};
    for (const Event& event : truth.events)
      events.push_back({event.user, event.item, absl::StrCat(event.seconds)});
    Rows items = {{"item_id:token", "movie_title:token", "genre:token_seq", "package:token",
                   "shelf_name:token", "released:float"}};
    for (const auto& [id, item] : truth.items)
      items.push_back({id, item.title, absl::StrJoin(item.genres, quirks.genre_separator),
                       item.code, item.shelf,
                       item.released ? FormatDecimal(*item.released) : quirks.missing});
    std::shuffle(events.begin() + 1, events.end(), random_);
    std::shuffle(items.begin() + 1, items.end(), random_);
    if (quirks.untyped)
      for (std::string& name : events[0]) name.resize(name.find(':'));

    const std::string& fault = quirks.fault;
    if (fault == "short row") events.back().resize(1);
    if (fault == "long row") events.back().emplace_back("7");
    if (fault == "no user") events.back()[0].clear();
    if (fault == "no item") items.back()[0].clear();
    if (fault == "second row") items.push_back(items.back());
    if (fault == "no header") items.erase(items.begin());
    if (fault == "foreign type") items[0][5] = "released:date";
    if (fault == "malformed UTF-8") items.back()[1] = "\xC0\xAF";
    if (fault == "no type") items[0][5] = "released";
    folder.Write("toy/toy.inter", Text(events, quirks));
    folder.Write("toy/toy.item", Text(items, quirks));
  }

 private:
  static std::string Cell(std::string cell, const Quirks& quirks) {
    const bool asks = cell.find_first_of("\"" + quirks.cell_separator) != std::string::npos;
    if (!quirks.quoted || !asks) return cell;
    return absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
  }

  static std::string Text(const std::vector<std::vector<std::string>>& rows, const Quirks& quirks) {
    std::string text = quirks.before_header;
    for (size_t row = 0; row < rows.size(); ++row) {
      const std::string& separator = row == 0 ? quirks.header_separator : quirks.cell_separator;
      for (size_t c = 0; c < rows[row].size(); ++c)
        absl::StrAppend(&text, c == 0 ? "" : separator, Cell(rows[row][c], quirks));
      absl::StrAppend(&text, quirks.trailing ? separator : "", quirks.line_end);
    }
    return text + quirks.after_rows;
  }

  size_t Below(size_t bound) { return random_() % bound; }
  bool Chance(size_t one_in) { return Below(one_in) == 0; }
  template <class T = std::string>
  T OneOf(const std::vector<T>& values) {
    return values[Below(values.size())];
  }

  std::mt19937_64 random_;
};

// What a data set says, as a table's truth.
Truth TruthOf(const Dataset& dataset) {
  Truth truth;
  const CatalogData& items = dataset.items;
  for (ItemRow row = 0; row < items.ids.size(); ++row) {
    Item& item = truth.items[items.ids[row]];
    item.title = items.titles.empty() ? "" : items.titles[row];
    uint32_t first_code = 0;
    size_t number = 0;
    for (const AttributeFieldData& field : items.schema) {
      std::set<std::string> values;
      for (const uint32_t code : CodesOf(items, row))
        if (code >= first_code && code < first_code + field.values.size())
          values.insert(field.values[code - first_code]);
      first_code += static_cast<uint32_t>(field.values.size());
      if (field.type == AttributeType::kNumber) {
        const double value = items.numbers[number++][row];
        if (field.name == "released" && !std::isnan(value)) item.released = value;
      } else if (field.name == "genre") {
        item.genres = values;
      } else if (!values.empty()) {
        (field.name == "package" ? item.code : item.shelf) = *values.begin();
      }
    }
  }
  for (const DatasetInteraction& interaction : dataset.interactions)
    truth.events.push_back({dataset.user_ids[interaction.user], items.ids[interaction.item],
                            interaction.time_ms / 1000});
  return truth;
}

std::string Text(const Item& item) {
  return absl::StrCat(item.title, " / ", absl::StrJoin(item.genres, "+"), " / ", item.code, " / ",
                      item.shelf, " / ", item.released ? FormatDecimal(*item.released) : "none");
}

std::string Text(Truth truth) {
  std::string text;
  for (const auto& [id, item] : truth.items) absl::StrAppend(&text, id, ": ", Text(item), "\n");
  std::sort(truth.events.begin(), truth.events.end());
  for (const Event& event : truth.events)
    absl::StrAppend(&text, event.user, " ", event.item, " ", event.seconds, "\n");
  return text;
}

TEST(QuirkyTables, AreReadRightOrRefusedByName) {
  const TemporaryFolder folder;
  std::map<std::string, int> refused;
  int read = 0, refused_without_fault = 0;
  for (int table = 0; table < kTables; ++table) {
    const CapturedLog log;
    Generator generator(static_cast<uint64_t>(table));
    const Quirks quirks = generator.DrawQuirks();
    const Truth truth = generator.DrawTruth(quirks);
    generator.Write(truth, quirks, folder);
    const absl::StatusOr<Dataset> dataset = LoadDataset(folder / "toy", {});
    if (!dataset.ok()) {
      const std::string message(dataset.status().message());
      ASSERT_THAT(message, testing::HasSubstr((folder / "toy/toy.").string())) << table;
      ++refused[quirks.fault];
      refused_without_fault += quirks.fault.empty();
      continue;
    }
    ASSERT_EQ(quirks.fault, "") << "table " << table << " was read all the same";
    ASSERT_EQ(Text(TruthOf(*dataset)), Text(truth)) << "table " << table << "\n" << log.text();
    ++read;
  }
  // Faults of every kind came, and most of the rest was read.
  EXPECT_EQ(refused.size() - refused.contains(""), 9u);
  EXPECT_LT(refused_without_fault, kTables / 20);
  EXPECT_GT(read, kTables / 2);
}

}  // namespace
}  // namespace shortlist
