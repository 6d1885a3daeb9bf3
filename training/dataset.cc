#include "training/dataset.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "training/atomic_file.h"
#include "training/attribute_columns.h"
#include "training/bad_rows.h"
#include "training/interner.h"

namespace shortlist {
namespace {

constexpr size_t kMaxIdBytes = 256;
constexpr uint32_t kNoValue = UINT32_MAX;
// Times above these are seconds, or milliseconds, since the Unix epoch; smaller ones only say in
// which order things happened.
constexpr double kMinUnixSeconds = 1e8;
constexpr double kMinUnixMilliseconds = 1e11;
constexpr double kMaxTime = 1e15;

constexpr std::string_view kWeekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

absl::Status CheckId(std::string_view id, std::string_view column) {
  if (id.empty()) return absl::InvalidArgumentError(absl::StrCat(AbslView(column), " is empty"));
  if (id.size() > kMaxIdBytes)
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(column), " is longer than ", kMaxIdBytes, " bytes"));
  return absl::OkStatus();
}

// The column named KIND_id, otherwise the first whose name contains KIND.
absl::StatusOr<size_t> FindIdColumn(const AtomicFile& file, const std::string& kind) {
  std::optional<size_t> column = file.FindColumn(kind + "_id");
  for (size_t c = 0; c < file.columns().size() && !column; ++c)
    if (file.columns()[c].name.find(kind) != std::string::npos) column = c;
  if (!column)
    return file.HeaderError(absl::StrCat("there is no column for the ", kind, ": one named ", kind,
                                         "_id, or with ", kind, " in its name"));
  if (file.columns()[*column].type != AtomicType::kToken)
    return file.HeaderError(
        absl::StrCat("the ids in column ", file.columns()[*column].name, " must be of type token"));
  return *column;
}

// The prefix of the data set's files: the folder's name, or that of its only .inter file.
absl::StatusOr<std::string> FindName(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::canonical(folder, error);
  if (error) return absl::NotFoundError(absl::StrCat(folder.string(), ": ", error.message()));
  std::string name = absolute.filename().string();
  if (std::filesystem::exists(folder / (name + ".inter"))) return name;
  std::vector<std::string> others;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".inter") others.push_back(entry.path().stem().string());
  if (others.size() == 1) return others.front();
  return absl::NotFoundError(absl::StrCat(folder.string(), ": there is no ", name, ".inter and ",
                                          others.empty() ? "no" : "more than one",
                                          " other .inter file"));
}

// A column of interactions that describes their context.
struct ContextColumn {
  size_t column;
  std::string name;
  Interner values;
  std::vector<uint32_t> positions;  // By row; kNoValue where the cell is empty.
};

// The rows of the .inter file, in its order.
struct InteractionTable {
  std::vector<uint32_t> users;
  std::vector<ItemRow> items;
  std::vector<float> values;
  std::vector<double> times;
  std::vector<ContextColumn> contexts;
};

// Where the .inter file has what.
struct InteractionColumns {
  size_t user;
  size_t item;
  std::optional<size_t> rating;
  std::optional<size_t> time;
};

absl::StatusOr<InteractionColumns> FindInteractionColumns(const AtomicFile& file) {
  InteractionColumns columns;
  ASSIGN_OR_RETURN(columns.user, FindIdColumn(file, "user"));
  ASSIGN_OR_RETURN(columns.item, FindIdColumn(file, "item"));
  if (columns.user == columns.item)
    return file.HeaderError("user and item must be in different columns");
  columns.rating = file.FindColumn("rating");
  columns.time = file.FindColumn("timestamp");
  return columns;
}

std::vector<ContextColumn> FindContextColumns(const AtomicFile& file,
                                              const InteractionColumns& known) {
  std::vector<ContextColumn> contexts;
  for (size_t c = 0; c < file.columns().size(); ++c) {
    if (c == known.user || c == known.item || c == known.rating || c == known.time) continue;
    const AtomicColumn& column = file.columns()[c];
    if (column.name == "hour" || column.name == "weekday") {
      spdlog::warn("{}: column {} is ignored: it is derived from the timestamp", file.path(),
                   column.name);
    } else if (column.type != AtomicType::kToken) {
      spdlog::warn("{}: column {} is ignored: only tokens describe the context", file.path(),
                   column.name);
    } else {
      contexts.push_back({c, column.name, {}, {}});
    }
  }
  return contexts;
}

absl::StatusOr<InteractionTable> ReadInteractions(const AtomicFile& file, Interner& users,
                                                  Interner& items, BadRows& bad_rows) {
  ASSIGN_OR_RETURN(InteractionColumns columns, FindInteractionColumns(file));
  InteractionTable table;
  table.contexts = FindContextColumns(file, columns);
  const std::string& user_name = file.columns()[columns.user].name;
  const std::string& item_name = file.columns()[columns.item].name;
  RETURN_IF_ERROR(file.ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
    RETURN_IF_ERROR(CheckId(cells[columns.user], user_name));
    RETURN_IF_ERROR(CheckId(cells[columns.item], item_name));
    double value = 0;
    if (columns.rating && !cells[*columns.rating].empty()) {
      ASSIGN_OR_RETURN(value, ParseNumber(cells[*columns.rating], "rating"));
    }
    auto time = static_cast<double>(table.times.size());
    if (columns.time) {
      ASSIGN_OR_RETURN(time, ParseNumber(cells[*columns.time], "timestamp"));
      if (std::abs(time) > kMaxTime)
        return absl::InvalidArgumentError(
            "timestamp is out of range: seconds or milliseconds since 1970 are expected");
    }
    table.users.push_back(users.Intern(cells[columns.user]));
    table.items.push_back(items.Intern(cells[columns.item]));
    table.values.push_back(static_cast<float>(value));
    table.times.push_back(time);
    for (ContextColumn& context : table.contexts) {
      std::string_view cell = cells[context.column];
      context.positions.push_back(cell.empty() ? kNoValue : context.values.Intern(cell));
    }
    return absl::OkStatus();
  }));
  if (table.users.empty())
    return absl::InvalidArgumentError(absl::StrCat(file.path(), ": there are no interactions"));
  return table;
}

// Positions of the table's rows by user, then time, then position.
std::vector<uint32_t> SortByUserAndTime(const InteractionTable& table, size_t user_count) {
  std::vector<size_t> ends(user_count + 1, 0);
  for (uint32_t user : table.users) ++ends[user + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<size_t> next(ends.begin(), ends.end() - 1);
  std::vector<uint32_t> order(table.users.size());
  for (size_t row = 0; row < order.size(); ++row)
    order[next[table.users[row]]++] = static_cast<uint32_t>(row);
  for (size_t user = 0; user < user_count; ++user) {
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(ends[user]),
                     order.begin() + static_cast<std::ptrdiff_t>(ends[user + 1]),
                     [&](uint32_t a, uint32_t b) { return table.times[a] < table.times[b]; });
  }
  return order;
}

double Median(std::vector<double> values) {
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The code of the hour of day and of the weekday, as in the fields that AddTimeFields adds.
void AppendTimeCodes(int64_t time_ms, std::vector<uint32_t>& codes) {
  using std::chrono::days, std::chrono::hours;
  std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(time_ms)};
  auto day = std::chrono::floor<days>(time);
  auto hour = std::chrono::floor<hours>(time - day).count();
  auto weekday = std::chrono::weekday(day).iso_encoding() - 1;
  codes.push_back(static_cast<uint32_t>(hour));
  codes.push_back(24 + weekday);
}

void AddTimeFields(std::vector<AttributeFieldData>& schema) {
  AttributeFieldData hours{"hour", AttributeType::kToken, {}, {}};
  for (int hour = 0; hour < 24; ++hour) hours.values.push_back(absl::StrFormat("%02d", hour));
  schema.push_back(std::move(hours));
  schema.push_back(
      {"weekday", AttributeType::kToken, {std::begin(kWeekdays), std::end(kWeekdays)}, {}});
}

AttributeCodes EncodeContexts(const InteractionTable& table, const std::vector<uint32_t>& order,
                              const Dataset& dataset) {
  AttributeCodes contexts;
  if (dataset.has_unix_times) AddTimeFields(contexts.schema);
  for (const ContextColumn& column : table.contexts)
    contexts.schema.push_back({column.name, AttributeType::kToken, column.values.ToStrings(), {}});

  contexts.offsets.reserve(order.size() + 1);
  contexts.offsets.push_back(0);
  for (size_t i = 0; i < order.size(); ++i) {
    uint32_t first_code = 0;
    if (dataset.has_unix_times) {
      AppendTimeCodes(dataset.interactions[i].time_ms, contexts.codes);
      first_code = 24 + std::size(kWeekdays);
    }
    for (const ContextColumn& column : table.contexts) {
      uint32_t position = column.positions[order[i]];
      if (position != kNoValue) contexts.codes.push_back(first_code + position);
      first_code += column.values.size();
    }
    contexts.offsets.push_back(contexts.codes.size());
  }
  return contexts;
}

// Fills in interactions, their contexts and the interaction counts.
void AddInteractions(const InteractionTable& table, Dataset& dataset) {
  double median = Median(table.times);
  dataset.has_unix_times = median > kMinUnixSeconds;
  double to_ms = median > kMinUnixMilliseconds ? 1 : 1000;
  std::vector<uint32_t> order = SortByUserAndTime(table, dataset.user_ids.size());
  dataset.interactions.reserve(order.size());
  dataset.items.interaction_counts.assign(dataset.items.ids.size(), 0);
  for (uint32_t row : order) {
    dataset.interactions.push_back({table.users[row], table.items[row],
                                    std::llround(table.times[row] * to_ms), table.values[row]});
    ++dataset.items.interaction_counts[table.items[row]];
  }
  dataset.context_attributes = EncodeContexts(table, order, dataset);
}

// The columns of an .item or .user file, by row of the entity, the id's left out.
std::vector<AttributeColumn> EmptyColumns(const AtomicFile& file, size_t id_column) {
  std::vector<AttributeColumn> columns;
  for (size_t c = 0; c < file.columns().size(); ++c) {
    const auto& [name, type] = file.columns()[c];
    if (c == id_column) continue;
    if (type == AtomicType::kFloatSeq)
      spdlog::warn("{}: column {} is ignored: lists of numbers are not supported", file.path(),
                   name);
    AttributeType attribute_type = type == AtomicType::kToken      ? AttributeType::kToken
                                   : type == AtomicType::kTokenSeq ? AttributeType::kTokens
                                                                   : AttributeType::kNumber;
    columns.push_back({name, attribute_type, {}});
  }
  return columns;
}

// Reads an .item or .user file; `kind` is "item" or "user". Ids that are new get the next rows.
absl::StatusOr<std::vector<AttributeColumn>> ReadAttributes(const AtomicFile& file,
                                                            const std::string& kind, Interner& ids,
                                                            BadRows& bad_rows) {
  ASSIGN_OR_RETURN(size_t id_column, FindIdColumn(file, kind));
  const std::string& id_name = file.columns()[id_column].name;
  std::vector<AttributeColumn> columns = EmptyColumns(file, id_column);
  for (AttributeColumn& column : columns) column.cells.resize(ids.size());
  std::vector<bool> seen(ids.size());
  RETURN_IF_ERROR(file.ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
    std::string_view id = cells[id_column];
    RETURN_IF_ERROR(CheckId(id, id_name));
    if (auto row = ids.Find(id); row && seen[*row])
      return absl::InvalidArgumentError(
          absl::StrCat("a second row for the ", kind, " \"", AbslView(id), "\""));
    for (size_t c = 0; c < cells.size(); ++c)
      if (file.columns()[c].type == AtomicType::kFloat && !cells[c].empty())
        RETURN_IF_ERROR(ParseNumber(cells[c], file.columns()[c].name).status());
    uint32_t row = ids.Intern(id);
    seen.resize(ids.size());
    seen[row] = true;
    size_t c = 0;
    for (AttributeColumn& column : columns) {
      if (c == id_column) ++c;
      column.cells.resize(ids.size());
      column.cells[row] = cells[c++];
    }
    return absl::OkStatus();
  }));
  std::erase_if(columns, [&](const AttributeColumn& column) {
    return file.columns()[*file.FindColumn(column.name)].type == AtomicType::kFloatSeq;
  });
  return columns;
}

// Takes the title's column out of `columns`: "title", otherwise "name", otherwise one that ends
// like these. Empty when there is none.
std::vector<std::string> TakeTitles(std::vector<AttributeColumn>& columns) {
  auto title = columns.end();
  auto find = [&](auto is_title) {
    if (title == columns.end())
      title = std::find_if(columns.begin(), columns.end(), [&](const AttributeColumn& column) {
        return column.type != AttributeType::kNumber && is_title(column.name);
      });
  };
  find([](const std::string& name) { return name == "title"; });
  find([](const std::string& name) { return name == "name"; });
  find([](const std::string& name) { return name.ends_with("_title"); });
  find([](const std::string& name) { return name.ends_with("_name"); });
  if (title == columns.end()) return {};
  std::vector<std::string> titles(title->cells.begin(), title->cells.end());
  columns.erase(title);
  return titles;
}

absl::Status AddItemAttributes(const AtomicFile* file, Interner& ids, BadRows& bad_rows,
                               CatalogData& items) {
  std::vector<AttributeColumn> columns;
  if (file != nullptr) {
    ASSIGN_OR_RETURN(columns, ReadAttributes(*file, "item", ids, bad_rows));
  }
  items.ids = ids.ToStrings();
  items.titles = TakeTitles(columns);
  for (AttributeColumn& column : columns) RecogniseNumbers(column);
  EncodedAttributes attributes = EncodeAttributes(columns, items.ids.size());
  items.schema = std::move(attributes.codes.schema);
  items.code_offsets = std::move(attributes.codes.offsets);
  items.codes = std::move(attributes.codes.codes);
  items.numbers = std::move(attributes.numbers);
  return absl::OkStatus();
}

// A value that only one or two users have, such as a zip code, identifies them rather than
// describing them: nothing can be learned from it for others.
bool IdentifiesUsers(const AttributeColumn& column) {
  return column.type != AttributeType::kNumber &&
         2 * CountDistinctValues(column) > column.cells.size();
}

absl::Status AddUserAttributes(const AtomicFile* file, Interner& ids, BadRows& bad_rows,
                               Dataset& dataset) {
  std::vector<AttributeColumn> columns;
  if (file != nullptr) {
    ASSIGN_OR_RETURN(columns, ReadAttributes(*file, "user", ids, bad_rows));
  }
  for (AttributeColumn& column : columns) RecogniseNumbers(column);
  std::erase_if(columns, [&](const AttributeColumn& column) {
    bool identifies = IdentifiesUsers(column);
    if (identifies)
      spdlog::info("{}: column {} is left out: more than half as many values as users",
                   file->path(), column.name);
    return identifies;
  });
  dataset.user_ids = ids.ToStrings();
  dataset.user_attributes = EncodeAttributes(columns, dataset.user_ids.size()).codes;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<AtomicFile>> OpenIfThere(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Open(path));
  return std::make_optional(std::move(file));
}

}  // namespace

absl::StatusOr<Dataset> LoadDataset(const std::filesystem::path& folder,
                                    const LoadOptions& options) {
  Dataset dataset;
  BadRows bad_rows(options.skip_bad_rows);
  ASSIGN_OR_RETURN(dataset.name, FindName(folder));
  ASSIGN_OR_RETURN(AtomicFile inter, AtomicFile::Open(folder / (dataset.name + ".inter")));
  ASSIGN_OR_RETURN(auto item_file, OpenIfThere(folder / (dataset.name + ".item")));
  ASSIGN_OR_RETURN(auto user_file, OpenIfThere(folder / (dataset.name + ".user")));

  Interner users, items;
  ASSIGN_OR_RETURN(InteractionTable table, ReadInteractions(inter, users, items, bad_rows));
  RETURN_IF_ERROR(
      AddItemAttributes(item_file ? &*item_file : nullptr, items, bad_rows, dataset.items));
  RETURN_IF_ERROR(AddUserAttributes(user_file ? &*user_file : nullptr, users, bad_rows, dataset));
  AddInteractions(table, dataset);

  dataset.bad_rows = bad_rows.count();
  if (dataset.bad_rows > 0)
    spdlog::warn("{}: left out {} bad rows", folder.string(), dataset.bad_rows);
  return dataset;
}

}  // namespace shortlist
