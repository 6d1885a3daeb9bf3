#include "data/dataset.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "data/attributes/dataset_attributes.h"
#include "data/interaction_table.h"
#include "data/interner.h"
#include "data/leakage.h"
#include "data/tables/atomic_file.h"
#include "data/tables/bad_rows.h"
#include "features/context_time.h"

namespace shortlist {
namespace {

// Times above these are seconds, or milliseconds, since the Unix epoch; smaller ones only say in
// which order things happened.
constexpr double kMinUnixSeconds = 1e8;
constexpr double kMinUnixMilliseconds = 1e11;

constexpr char kWholeEnding[] = ".inter";
constexpr char kTrainEnding[] = ".train.inter";
constexpr char kValidEnding[] = ".valid.inter";
constexpr char kTestEnding[] = ".test.inter";
constexpr uint64_t kOrderSeed = 1;

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

// Positions of the table's rows by user, then part, then time, then position. `parts` may be empty.
std::vector<uint32_t> SortByUserPartAndTime(const InteractionTable& table,
                                            std::span<const DatasetPart> parts, size_t user_count) {
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
                     [&](uint32_t a, uint32_t b) {
                       if (!parts.empty() && parts[a] != parts[b]) return parts[a] < parts[b];
                       return table.times[a] < table.times[b];
                     });
  }
  return order;
}

double Median(std::vector<double> values) {
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void AddTimeFields(std::vector<AttributeFieldData>& schema) {
  for (const TimeField& field : kTimeFields)
    schema.push_back({.name = std::string(field.name),
                      .type = AttributeType::kToken,
                      .values = {field.values.begin(), field.values.end()}});
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
      const auto values = TimeFieldValues(dataset.interactions[i].time_ms);
      for (size_t f = 0; f < values.size(); ++f) {
        contexts.codes.push_back(first_code + values[f]);
        first_code += static_cast<uint32_t>(kTimeFields[f].values.size());
      }
    }
    for (const ContextColumn& column : table.contexts) {
      uint32_t position = column.positions[order[i]];
      if (position != ContextColumn::kNoValue) contexts.codes.push_back(first_code + position);
      first_code += column.values.size();
    }
    contexts.offsets.push_back(contexts.codes.size());
  }
  return contexts;
}

// Fills in interactions, their parts and contexts, and the interaction counts.
void AddInteractions(InteractionTable& table, std::span<const DatasetPart> parts,
                     Dataset& dataset) {
  dataset.has_times = table.has_times;
  if (!table.has_times && !parts.empty()) {
    // Whoever split at random has kept no order: any that the rows seem to have, such as that of
    // the items' ids, would mislead.
    std::mt19937_64 random(kOrderSeed);
    std::shuffle(table.times.begin(), table.times.end(), random);
  }
  double median = Median(table.times);
  dataset.has_unix_times = table.has_times && median > kMinUnixSeconds;
  double to_ms = median > kMinUnixMilliseconds ? 1 : 1000;
  std::vector<uint32_t> order = SortByUserPartAndTime(table, parts, dataset.user_ids.size());
  dataset.interactions.reserve(order.size());
  dataset.items.interaction_counts.assign(dataset.items.ids.size(), 0);
  for (uint32_t row : order) {
    dataset.interactions.push_back({table.users[row], table.items[row],
                                    std::llround(table.times[row] * to_ms), table.values[row]});
    ++dataset.items.interaction_counts[table.items[row]];
    if (!parts.empty()) dataset.parts.push_back(parts[row]);
  }
  dataset.context_attributes = EncodeContexts(table, order, dataset);
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
  ASSIGN_OR_RETURN(auto user_file, OpenIfThere(folder / (dataset.name + ".user")));

  const DatasetSpec spec;
  Interner users, items;
  InteractionTable table;
  std::vector<AtomicFile> files;  // The table has views into them.
  std::vector<DatasetPart> parts;
  auto read = [&](const char* ending) -> absl::Status {
    ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Open(folder / (dataset.name + ending)));
    files.push_back(std::move(file));
    return ReadInteractions(files.back(), users, items, bad_rows, table);
  };
  if (options.fixed_split) {
    RETURN_IF_ERROR(read(kTrainEnding));
    parts.assign(table.users.size(), DatasetPart::kTrain);
    if (std::filesystem::exists(folder / (dataset.name + kValidEnding)))
      RETURN_IF_ERROR(read(kValidEnding));
    parts.resize(table.users.size(), DatasetPart::kValid);
    RETURN_IF_ERROR(read(kTestEnding));
    parts.resize(table.users.size(), DatasetPart::kTest);
    for (const uint32_t row : table.listed) parts[row] = DatasetPart::kTrain;
  } else {
    RETURN_IF_ERROR(read(kWholeEnding));
  }
  RETURN_IF_ERROR(
      ReadItemAttributes(item_file ? &*item_file : nullptr, spec, items, bad_rows, dataset.items));
  ASSIGN_OR_RETURN(UserAttributes user_attributes,
                   ReadUserAttributes(user_file ? &*user_file : nullptr, spec, users, bad_rows));
  dataset.user_ids = users.ToStrings();
  dataset.user_attributes = std::move(user_attributes.codes);
  dataset.user_numbers = std::move(user_attributes.numbers);
  std::erase_if(table.contexts, [&](const ContextColumn& column) {
    const bool identifies =
        column.values.size() >= kManyValues && Identifies(column.values.size(), table.users.size());
    if (identifies) LogIdentifying(files.front().path(), column.name);
    return identifies;
  });
  AddInteractions(table, parts, dataset);

  WarnOfLeakage(dataset.name, FindLeakage(dataset.items, dataset.items.interaction_counts));

  dataset.bad_rows = bad_rows.count();
  if (dataset.bad_rows > 0)
    LogWarning(absl::StrCat(folder.string(), ": left out ", dataset.bad_rows, " bad rows"));
  return dataset;
}

}  // namespace shortlist
