#include "data/dataset.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "data/attributes/dataset_attributes.h"
#include "data/attributes/vectors.h"
#include "data/interactions/interaction_meaning.h"
#include "data/interactions/interaction_order.h"
#include "data/interactions/interaction_table.h"
#include "data/interner.h"
#include "data/leakage.h"
#include "data/row_numbering.h"
#include "data/tables/atomic_file.h"
#include "data/tables/bad_rows.h"
#include "features/context_time.h"

namespace shortlist {
namespace {

constexpr char kWholeEnding[] = ".inter";
constexpr char kTrainEnding[] = ".train.inter";
constexpr char kValidEnding[] = ".valid.inter";
constexpr char kTestEnding[] = ".test.inter";

// The prefix of the data set's files: the folder's name, or that of its only file with that ending.
absl::StatusOr<std::string> FindName(const std::filesystem::path& folder,
                                     const std::string& ending) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::canonical(folder, error);
  if (error) return absl::NotFoundError(absl::StrCat(folder.string(), ": ", error.message()));
  std::string name = absolute.filename().string();
  if (std::filesystem::exists(folder / (name + ending))) return name;
  std::vector<std::string> others;
  bool has_fixed_split = false;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string file = entry.path().filename().string();
    const bool is_part =
        file.ends_with(kTrainEnding) || file.ends_with(kValidEnding) || file.ends_with(kTestEnding);
    has_fixed_split |= is_part;
    if (is_part && ending == kWholeEnding) continue;
    if (file.ends_with(ending)) others.push_back(file.substr(0, file.size() - ending.size()));
  }
  if (others.size() == 1) return others.front();
  return absl::NotFoundError(absl::StrCat(
      folder.string(), ": there is no ", name, ending, " and ",
      others.empty() ? "no" : "more than one", " other ", ending, " file",
      has_fixed_split ? "; the files of its fixed split can be measured with `shortlist evaluate "
                        "--split files`"
                      : ""));
}

void AddTimeFields(std::vector<AttributeFieldData>& schema) {
  for (const TimeField& field : kTimeFields)
    schema.push_back({.name = std::string(field.name),
                      .type = AttributeType::kToken,
                      .values = {field.values.begin(), field.values.end()}});
}

// Where the users are, by row. Empty: users have no attribute that says it.
std::vector<absl::TimeZone> TimeZonesOf(const AttributeCodes& users) {
  std::vector<absl::TimeZone> zones;
  uint32_t first_code = 0;
  for (const AttributeFieldData& field : users.schema) {
    const auto end_code = first_code + static_cast<uint32_t>(field.values.size());
    if (field.name == kTimeZoneAttribute) {
      std::vector<std::optional<absl::TimeZone>> of_values;
      for (const std::string& value : field.values) of_values.push_back(ParseTimeZone(value));
      zones.resize(users.offsets.size() - 1, absl::UTCTimeZone());
      for (size_t user = 0; user < zones.size(); ++user)
        for (const uint32_t code : CodesOf(users, user))
          if (first_code <= code && code < end_code && of_values[code - first_code]) {
            zones[user] = *of_values[code - first_code];
            break;
          }
    }
    first_code = end_code;
  }
  return zones;
}

// `rows` are the interactions' in the table.
AttributeCodes EncodeContexts(const InteractionTable& table, std::span<const uint32_t> rows,
                              const Dataset& dataset) {
  AttributeCodes contexts;
  if (dataset.has_unix_times) AddTimeFields(contexts.schema);
  std::vector<std::vector<uint32_t>> codes;  // By column and position in its values.
  for (const ContextColumn& column : table.contexts) {
    RowNumbering numbering = NumberByBytes(column.values, {});
    contexts.schema.push_back({column.name, AttributeType::kToken, std::move(numbering.ids), {}});
    codes.push_back(std::move(numbering.new_rows));
  }
  const std::vector<absl::TimeZone> zones = TimeZonesOf(dataset.user_attributes);
  contexts.offsets.reserve(rows.size() + 1);
  contexts.offsets.push_back(0);
  for (size_t i = 0; i < rows.size(); ++i) {
    uint32_t first_code = 0;
    if (dataset.has_unix_times) {
      const int64_t time_ms = dataset.interactions[i].time_ms;
      const auto values = TimeFieldValues(
          time_ms, zones.empty() ? absl::UTCTimeZone() : zones[dataset.interactions[i].user]);
      for (size_t f = 0; f < values.size(); ++f) {
        if (time_ms != kUnknownTime) contexts.codes.push_back(first_code + values[f]);
        first_code += static_cast<uint32_t>(kTimeFields[f].values.size());
      }
    }
    for (size_t c = 0; c < table.contexts.size(); ++c) {
      const uint32_t position = table.contexts[c].positions[rows[i]];
      if (position != ContextColumn::kNoValue)
        contexts.codes.push_back(first_code + codes[c][position]);
      first_code += table.contexts[c].values.size();
    }
    contexts.offsets.push_back(contexts.codes.size());
  }
  return contexts;
}

// The rows that stay, in their order.
InteractionOrder OrderAndLeaveOut(InteractionTable& table, std::span<const uint8_t> parts,
                                  const DatasetSpec& spec, const Interner& users,
                                  const Interner& items, std::vector<bool> keep, LeftOut& rare,
                                  DatasetSummary& summary) {
  if (!table.worths.empty()) {
    keep.resize(table.users.size(), true);
    for (size_t row = 0; row < keep.size(); ++row) {
      if (table.worths[row] != 0) continue;
      summary.worth_nothing += keep[row];
      keep[row] = false;
    }
  }
  InteractionOrder order = OrderByUserAndTime(table, parts, keep, users, items);
  summary.later_or_earlier = LeaveOutDuplicates(spec.duplicates, table, items.size(), order);
  rare = LeaveOutRare(spec.min_user_interactions, spec.min_item_interactions, table, items.size(),
                      order);
  summary.rare = rare.rows;
  summary.rare_users = rare.user_count;
  summary.rare_items = rare.item_count;
  return order;
}

// Fills in interactions, their parts and contexts, and the interaction counts. Of the table nothing
// but the contexts is left: the rest would double what they take.
void AddInteractions(InteractionTable& table, std::span<const uint8_t> parts,
                     InteractionOrder order, const RowNumbering& users, const RowNumbering& items,
                     Dataset& dataset) {
  dataset.has_times = table.has_times;
  dataset.has_unix_times = table.has_times && !table.times.is_order();
  dataset.items.interaction_counts.assign(dataset.items.ids.size(), 0);
  dataset.interactions.reserve(order.rows.size());
  std::vector<uint32_t> rows;  // Of the interactions in the table.
  rows.reserve(order.rows.size());
  for (uint32_t user = 0; user < users.old_rows.size(); ++user) {
    const uint32_t old = users.old_rows[user];
    if (old + 1 >= order.begins.size()) continue;  // Known from the .user file alone.
    for (size_t i = order.begins[old]; i < order.begins[old + 1]; ++i) {
      const uint32_t row = order.rows[i];
      const double time = table.has_times ? table.times[row] : TimeColumn::kUnknown;
      const float rating = table.ratings[row];
      const DatasetInteraction interaction{
          .user = user,
          .item = items.new_rows[table.items[row]],
          .time_ms = time == TimeColumn::kUnknown ? kUnknownTime : std::llround(time),
          .value = std::isnan(rating) ? 0 : rating,
          .worth = table.worths.empty() ? 1 : table.worths[row]};
      const auto part = parts.empty() ? DatasetPart::kTrain : static_cast<DatasetPart>(parts[row]);
      if (interaction.worth > 0) {
        dataset.interactions.push_back(interaction);
        rows.push_back(row);
        ++dataset.items.interaction_counts[interaction.item];
        if (!parts.empty()) dataset.parts.push_back(part);
      } else if (part == DatasetPart::kTest) {
        ++dataset.summary.test_refused;
      } else {
        dataset.refused.push_back(interaction);
      }
    }
  }
  order = InteractionOrder();
  table.users = std::vector<uint32_t>();
  table.items = std::vector<ItemRow>();
  table.ratings = std::vector<float>();
  table.worths = std::vector<float>();
  table.times = TimeColumn();
  dataset.context_attributes = EncodeContexts(table, rows, dataset);
}

// Counts what there is to say of the interactions.
void Summarise(Dataset& dataset) {
  DatasetSummary& summary = dataset.summary;
  const std::vector<DatasetInteraction>& all = dataset.interactions;
  summary.interactions = all.size();
  summary.refused = dataset.refused.size();
  std::vector<uint32_t> seen_by(dataset.items.ids.size(), UINT32_MAX);  // The last user of each.
  for (size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    uint64_t repeats = 0;
    for (; end < all.size() && all[end].user == all[begin].user; ++end) {
      uint32_t& user = seen_by[all[end].item];
      repeats += user == all[end].user;
      user = all[end].user;
      summary.unknown_times += dataset.has_times && all[end].time_ms == kUnknownTime;
    }
    ++summary.users;
    summary.repeats += repeats;
    summary.users_below_3 += end - begin < 3;
    summary.users_of_repeats += end - begin >= 3 && repeats == end - begin - 1;
  }
}

// That each column that the spec says something of is in one of the files.
absl::Status CheckColumns(const DatasetSpec& spec, const std::filesystem::path& path,
                          std::span<const AtomicFile* const> files) {
  for (const ColumnSpec& column : spec.columns)
    if (std::none_of(files.begin(), files.end(), [&](const AtomicFile* file) {
          return file->FindColumn(column.name).has_value();
        }))
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), ": columns: none of the data set's files has a column \"",
                       column.name, "\""));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<AtomicFile>> OpenIfThere(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Open(path));
  return std::make_optional(std::move(file));
}

}  // namespace

std::span<const uint32_t> CodesOf(const CatalogData& items, ItemRow item) {
  return CodesOf(items.code_offsets, items.codes, item);
}

absl::StatusOr<Dataset> LoadDataset(const std::filesystem::path& folder,
                                    const LoadOptions& options) {
  Dataset dataset;
  BadRows bad_rows(options.skip_bad_rows);
  ASSIGN_OR_RETURN(dataset.name,
                   FindName(folder, options.fixed_split ? kTrainEnding : kWholeEnding));
  ASSIGN_OR_RETURN(auto item_file, OpenIfThere(folder / (dataset.name + ".item")));
  if (const std::filesystem::path vectors =
          folder / absl::StrCat(dataset.name, ".item", kVectorFileEnding);
      !item_file && std::filesystem::exists(vectors))
    return absl::InvalidArgumentError(absl::StrCat(vectors.string(), ": its rows are those of ",
                                                   dataset.name, ".item, which is not there"));
  ASSIGN_OR_RETURN(auto user_file, OpenIfThere(folder / (dataset.name + ".user")));

  DatasetSpec spec;
  const std::filesystem::path spec_path =
      folder / absl::StrCat(dataset.name, AbslView(kDatasetSpecEnding));
  if (std::filesystem::exists(spec_path)) {
    ASSIGN_OR_RETURN(spec, ReadDatasetSpec(spec_path));
  }
  if (!options.worth.empty()) spec.worth = options.worth;

  Interner users, items;
  InteractionTable table;
  std::vector<AtomicFile> files;  // The table has views into them.
  std::vector<uint8_t> parts;
  auto read = [&](const char* ending) -> absl::Status {
    ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Open(folder / (dataset.name + ending)));
    files.push_back(std::move(file));
    return ReadInteractions(files.back(), spec, users, items, bad_rows, dataset.summary.notes,
                            table);
  };
  auto end_part = [&](DatasetPart part) {
    parts.resize(table.users.size(), static_cast<uint8_t>(part));
  };
  if (options.fixed_split) {
    RETURN_IF_ERROR(read(kTrainEnding));
    end_part(DatasetPart::kTrain);
    if (std::filesystem::exists(folder / (dataset.name + kValidEnding)))
      RETURN_IF_ERROR(read(kValidEnding));
    end_part(DatasetPart::kValid);
    RETURN_IF_ERROR(read(kTestEnding));
    end_part(DatasetPart::kTest);
    for (const uint32_t row : table.listed) parts[row] = static_cast<uint8_t>(DatasetPart::kTrain);
  } else {
    RETURN_IF_ERROR(read(kWholeEnding));
  }
  std::vector<const AtomicFile*> all_files;
  for (const AtomicFile& file : files) all_files.push_back(&file);
  if (item_file) all_files.push_back(&*item_file);
  if (user_file) all_files.push_back(&*user_file);
  RETURN_IF_ERROR(CheckColumns(spec, spec_path, all_files));
  DatasetSummary& summary = dataset.summary;
  summary.rows = table.users.size() + table.out_of_range;
  summary.out_of_range = table.out_of_range;
  std::vector<bool> keep;
  const int64_t now_ms = options.now_ms != 0 ? options.now_ms : absl::ToUnixMillis(absl::Now());
  RETURN_IF_ERROR(RecogniseTimes(files,
                                 {.unit = spec.time_unit,
                                  .skip_unfit = options.skip_bad_rows,
                                  .now_ms = now_ms,
                                  .has_parts = options.fixed_split},
                                 table, keep, summary));
  RecogniseWorth(table, summary);
  LeftOut rare;
  InteractionOrder order =
      OrderAndLeaveOut(table, parts, spec, users, items, std::move(keep), rare, summary);

  ASSIGN_OR_RETURN(const RowNumbering item_rows,
                   ReadItemAttributes(item_file ? &*item_file : nullptr, spec, items,
                                      {rare.items, spec.min_item_interactions > 0}, bad_rows,
                                      summary.notes, dataset.items));
  ASSIGN_OR_RETURN(
      UserAttributes user_attributes,
      ReadUserAttributes(user_file ? &*user_file : nullptr, spec, users,
                         {rare.users, spec.min_user_interactions > 0}, bad_rows, summary.notes));
  const RowNumbering& user_rows = user_attributes.rows;
  dataset.user_ids = user_rows.ids;
  dataset.user_attributes = std::move(user_attributes.codes);
  dataset.user_numbers = std::move(user_attributes.numbers);
  std::erase_if(table.contexts, [&](const ContextColumn& column) {
    const bool identifies =
        column.values.size() >= kManyValues && Identifies(column.values.size(), table.users.size());
    if (identifies) NoteIdentifying(files.front().path(), column.name, summary.notes);
    return identifies;
  });
  AddInteractions(table, parts, std::move(order), user_rows, item_rows, dataset);
  Summarise(dataset);
  summary.leakage = FindLeakage(dataset.items, dataset.items.interaction_counts);
  WarnOfLeakage(dataset.name, summary.leakage);
  summary.bad_rows += bad_rows.count();
  for (const std::string& line : Describe(summary)) LogInfo(absl::StrCat(dataset.name, ": ", line));
  if (dataset.interactions.empty())
    return absl::InvalidArgumentError(
        absl::StrCat(folder.string(), ": no interaction is left that is worth more than 0 (",
                     summary.worth, ")"));
  return dataset;
}

}  // namespace shortlist
