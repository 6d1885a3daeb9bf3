#include "app/events/event_dataset.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "app/events/logged_interactions.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"
#include "data/attributes/vectors.h"
#include "data/dataset.h"
#include "data/id_column.h"
#include "data/past_request.h"
#include "data/tables/atomic_file.h"
#include "data/tables/atomic_file_writer.h"
#include "data/tables/bad_rows.h"
#include "features/context_time.h"
#include "state/state_projection.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

// Between the values of what the log says of users.
constexpr char kSeparator[] = "|";

std::string_view TypeName(AtomicType type) {
  switch (type) {
    case AtomicType::kToken:
      return "token";
    case AtomicType::kTokenSeq:
      return "token_seq";
    case AtomicType::kFloat:
      return "float";
    case AtomicType::kFloatSeq:
      return "float_seq";
  }
  return "token";
}

// The data set that the log goes on from, or nothing.
struct Base {
  std::optional<Dataset> dataset;
  DatasetSpec spec;
  fs::path item_file, user_file;  // Empty: there is none.
  // Names of the circumstances that its interactions come with, and the codes of each.
  std::vector<std::string> contexts;
};

absl::StatusOr<Base> LoadBase(const fs::path& path) {
  Base base;
  if (path.empty()) return base;
  ASSIGN_OR_RETURN(base.dataset, LoadDataset(path, {}));
  if (!base.dataset->has_unix_times)
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(),
                     ": its interactions have no Unix times, so that events have no place among "
                     "them"));
  auto file = [&](std::string_view ending) {
    return path / absl::StrCat(base.dataset->name, AbslView(ending));
  };
  if (fs::exists(file(kDatasetSpecEnding))) {
    ASSIGN_OR_RETURN(base.spec, ReadDatasetSpec(file(kDatasetSpecEnding)));
  }
  if (fs::exists(file(".item"))) base.item_file = file(".item");
  if (fs::exists(file(".user"))) base.user_file = file(".user");
  for (const AttributeFieldData& field : base.dataset->context_attributes.schema)
    if (std::none_of(kTimeFields.begin(), kTimeFields.end(),
                     [&](const TimeField& derived) { return derived.name == field.name; }))
      base.contexts.push_back(field.name);
  return base;
}

// Whoever the store says is forgotten.
absl::StatusOr<std::vector<bool>> FindForgotten(const StateStore& store,
                                                std::span<const std::string> user_ids) {
  std::vector<bool> forgotten(user_ids.size());
  for (size_t user = 0; user < user_ids.size(); ++user) {
    UserState state;
    RETURN_IF_ERROR(store.Read(UserKey(user_ids[user]), state).status());
    forgotten[user] = state.is_forgotten;
  }
  return forgotten;
}

std::vector<std::string_view> Views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

// Writes NAME.inter, and knows what its worths are.
class InteractionWriter {
 public:
  InteractionWriter(const fs::path& path, std::vector<std::string> contexts)
      : contexts_(std::move(contexts)), header_(Header(contexts_)), file_(path, Views(header_)) {}

  // `contexts`: a value, or an empty one, for each name.
  void Add(std::string_view user, std::string_view item, int64_t time_ms,
           std::optional<float> rating, float worth, std::span<const std::string_view> contexts) {
    const std::string time = time_ms == kUnknownTime ? "" : absl::StrCat(time_ms);
    const std::string rating_text = rating ? FormatDecimal(*rating) : "";
    const std::string worth_text = FormatDecimal(worth);
    worths_.emplace(worth_text, worth);
    cells_ = {user, item, time, rating_text, worth_text};
    cells_.insert(cells_.end(), contexts.begin(), contexts.end());
    file_.AddRow(cells_);
  }

  const std::vector<std::string>& contexts() const { return contexts_; }
  // A rule for each worth that was written.
  std::vector<WorthRule> Rules() const {
    std::vector<WorthRule> rules;
    for (const auto& [text, worth] : worths_)
      rules.push_back({.column = "worth", .is = text, .worth = worth});
    return rules;
  }
  absl::Status Close() { return file_.Close(); }

 private:
  static std::vector<std::string> Header(const std::vector<std::string>& contexts) {
    std::vector<std::string> header = {"user_id:token", "item_id:token", "timestamp:float",
                                       "rating:float", "worth:float"};
    for (const std::string& name : contexts) header.push_back(name + ":token");
    return header;
  }

  std::vector<std::string> contexts_, header_;
  AtomicFileWriter file_;
  std::vector<std::string_view> cells_;
  std::map<std::string, float> worths_;  // By their text.
};

// The values of an interaction's circumstances, in the order of `names`.
std::vector<std::string> ContextsOf(const Dataset& dataset, size_t interaction,
                                    std::span<const std::string> names) {
  const RequestContext context = ContextOf(dataset, interaction);
  std::vector<std::string> values;
  for (const std::string& name : names) {
    const auto found = std::find_if(context.extra.begin(), context.extra.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    values.push_back(found == context.extra.end() ? "" : found->second);
  }
  return values;
}

// What makes two rows one.
std::string IdentityOf(std::string_view user, std::string_view item, int64_t time_ms, bool liked) {
  // Sizes first: ids may hold anything.
  return absl::StrCat(user.size(), " ", item.size(), " ", AbslView(user), AbslView(item), time_ms,
                      liked ? "+" : "-");
}

// Writes the base's interactions but for those of users that are forgotten, and takes those that
// the log has, too, off `logged`: a base may have been made of the same log.
uint64_t AddBase(const Dataset& dataset, const std::vector<bool>& forgotten,
                 LoggedInteractions& logged, InteractionWriter& out) {
  absl::flat_hash_map<std::string, size_t> rows;
  for (size_t i = 0; i < logged.rows.size(); ++i)
    rows.emplace(IdentityOf(logged.rows[i].user_id, logged.rows[i].item_id, logged.rows[i].time_ms,
                            logged.rows[i].worth > 0),
                 i);
  uint64_t written = 0;
  std::vector<bool> known(logged.rows.size());
  auto add = [&](const DatasetInteraction& of_base, std::span<const std::string_view> contexts) {
    if (forgotten[of_base.user]) return;
    const std::string& user = dataset.user_ids[of_base.user];
    const std::string& item = dataset.items.ids[of_base.item];
    if (const auto found = rows.find(IdentityOf(user, item, of_base.time_ms, of_base.worth > 0));
        found != rows.end())
      known[found->second] = true;
    out.Add(user, item, of_base.time_ms,
            of_base.value == 0 ? std::nullopt : std::optional(of_base.value), of_base.worth,
            contexts);
    ++written;
  };
  for (size_t i = 0; i < dataset.interactions.size(); ++i)
    add(dataset.interactions[i], Views(ContextsOf(dataset, i, out.contexts())));
  const std::vector<std::string_view> none(out.contexts().size());
  for (const DatasetInteraction& refused : dataset.refused) add(refused, none);
  size_t row = 0;
  std::erase_if(logged.rows, [&](const LoggedInteraction&) { return known[row++]; });
  return written;
}

void AddLogged(const LoggedInteractions& logged, InteractionWriter& out,
               EventDatasetCounts& counts) {
  std::vector<std::string_view> contexts(out.contexts().size());
  for (const LoggedInteraction& row : logged.rows) {
    for (size_t c = 0; c < contexts.size(); ++c)
      contexts[c] = out.contexts()[c] == "device"    ? std::string_view(row.device)
                    : out.contexts()[c] == "surface" ? std::string_view(row.surface)
                                                     : std::string_view();
    out.Add(row.user_id, row.item_id, row.time_ms, row.rating, row.worth, contexts);
  }
  counts.taken_up = logged.taken_up;
  counts.refused = logged.refused;
  counts.passed_over = logged.passed_over;
}

// NAME.user: the base's rows, with what the log says in its place, then users that only the log
// knows. Says of which columns the separator is kSeparator.
class UserFile {
 public:
  explicit UserFile(const DatasetSpec& spec) : spec_(spec) {}

  absl::Status Write(const fs::path& base, const LoggedInteractions& logged,
                     const std::set<std::string, std::less<>>& forgotten, const fs::path& out) {
    if (base.empty() && logged.users.empty()) return absl::OkStatus();
    std::optional<AtomicFile> file;
    columns_ = {{"user_id", AtomicType::kToken}};
    if (!base.empty()) {
      ASSIGN_OR_RETURN(file, AtomicFile::Open(base));
      columns_ = file->columns();
    }
    AddColumns(logged);
    std::vector<std::string> header;
    for (const AtomicColumn& column : columns_)
      header.push_back(absl::StrCat(column.name, ":", AbslView(TypeName(column.type))));
    AtomicFileWriter writer(out, Views(header));
    std::set<std::string, std::less<>> written;
    if (file) {
      ASSIGN_OR_RETURN(id_column_, FindIdColumn(*file, "user"));
      BadRows bad_rows(/*skip=*/true);
      RETURN_IF_ERROR(file->ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
        const std::string_view user = cells[id_column_];
        if (forgotten.contains(user)) return absl::OkStatus();
        AddRow(user, cells, logged, writer);
        written.emplace(user);
        return absl::OkStatus();
      }));
    }
    for (const auto& [user, attributes] : logged.users)
      if (!written.contains(user)) AddRow(user, {}, logged, writer);
    return writer.Close();
  }

  // Of the file that was written; none where none was.
  const std::vector<AtomicColumn>& columns() const { return columns_; }
  // The columns that the base does not have.
  const std::vector<std::string>& of_the_log() const { return of_the_log_; }

 private:
  // Of attributes that the base does not have.
  void AddColumns(const LoggedInteractions& logged) {
    for (const auto& [user, attributes] : logged.users)
      for (const NamedAttribute& attribute : attributes)
        if (std::none_of(columns_.begin(), columns_.end(), [&](const AtomicColumn& column) {
              return column.name == attribute.name;
            })) {
          columns_.push_back({attribute.name, AtomicType::kTokenSeq});
          of_the_log_.push_back(attribute.name);
        }
  }

  std::string SeparatorOf(const std::string& column) const {
    if (std::find(of_the_log_.begin(), of_the_log_.end(), column) != of_the_log_.end())
      return kSeparator;
    const ColumnSpec* spec = spec_.FindColumn(column);
    return spec != nullptr && !spec->separator.empty() ? spec->separator : " ";
  }

  void AddRow(std::string_view user, std::span<const std::string_view> cells,
              const LoggedInteractions& logged, AtomicFileWriter& writer) const {
    std::vector<std::string> row(columns_.size());
    for (size_t c = 0; c < cells.size(); ++c) row[c] = cells[c];
    row[id_column_] = user;
    if (const auto told = logged.users.find(std::string(user)); told != logged.users.end())
      for (const NamedAttribute& attribute : told->second)
        for (size_t c = 0; c < columns_.size(); ++c)
          if (columns_[c].name == attribute.name)
            row[c] = absl::StrJoin(attribute.values, SeparatorOf(attribute.name));
    writer.AddRow(Views(row));
  }

  const DatasetSpec& spec_;
  size_t id_column_ = 0;
  std::vector<AtomicColumn> columns_;
  std::vector<std::string> of_the_log_;
};

// The vectors beside a file of items, if there are any: they are by its rows.
absl::Status CopyVectors(const fs::path& from, const fs::path& to) {
  const std::string vectors = from.string() + kVectorFileEnding;
  if (!fs::exists(vectors)) return absl::OkStatus();
  std::error_code error;
  fs::copy_file(vectors, to.string() + kVectorFileEnding, error);
  if (error) return absl::ErrnoToStatus(error.value(), vectors);
  return Fsync(to.string() + kVectorFileEnding);
}

// What was written means what it says; of items and users what the base says of them.
DatasetSpec SpecOf(const Base& base, std::vector<WorthRule> rules,
                   std::span<const AtomicColumn> item_columns, const UserFile& users) {
  DatasetSpec spec = base.spec;
  auto has = [](std::span<const AtomicColumn> columns, const std::string& name) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const AtomicColumn& column) { return column.name == name; });
  };
  // Those of the base's interactions have done their work when it was loaded.
  std::erase_if(spec.columns, [&](const ColumnSpec& column) {
    return !has(item_columns, column.name) && !has(users.columns(), column.name);
  });
  spec.user_column = spec.item_column = "";
  spec.time_column = "timestamp";
  spec.rating_column = "rating";
  spec.label_column = spec.type_column = "";
  spec.time_unit = TimeUnit::kMilliseconds;
  spec.worth = std::move(rules);
  for (const std::string& name : users.of_the_log())
    spec.columns.push_back(
        {.name = name, .type = ColumnType::kTokens, .separator = kSeparator, .missing = {}});
  return spec;
}

}  // namespace

std::string Describe(const EventDatasetCounts& counts) {
  return absl::StrCat(
      counts.of_base == 0 ? "" : Grouped(counts.of_base) + " interactions of the data set, ",
      Grouped(counts.taken_up), " events taken up, ", Grouped(counts.refused), " refused, ",
      Grouped(counts.passed_over), " items passed over");
}

absl::StatusOr<EventDatasetCounts> WriteEventDataset(const StateStore& store,
                                                     const EventWorth& worth,
                                                     const fs::path& base_path,
                                                     const DatasetFolder& folder) {
  ASSIGN_OR_RETURN(const Base base, LoadBase(base_path));
  ASSIGN_OR_RETURN(LoggedInteractions logged, ReadInteractions(store, worth));
  std::vector<std::string> contexts = base.contexts;
  for (const auto& [name, member] : {std::pair("device", &LoggedInteraction::device),
                                     std::pair("surface", &LoggedInteraction::surface)})
    if (std::find(contexts.begin(), contexts.end(), name) == contexts.end() &&
        std::any_of(logged.rows.begin(), logged.rows.end(),
                    [&, m = member](const LoggedInteraction& row) { return !(row.*m).empty(); }))
      contexts.emplace_back(name);

  EventDatasetCounts counts;
  InteractionWriter interactions(folder.File("inter"), std::move(contexts));
  std::set<std::string, std::less<>> forgotten_ids;
  if (base.dataset) {
    ASSIGN_OR_RETURN(const std::vector<bool> forgotten,
                     FindForgotten(store, base.dataset->user_ids));
    for (size_t user = 0; user < forgotten.size(); ++user)
      if (forgotten[user]) forgotten_ids.insert(base.dataset->user_ids[user]);
    counts.of_base = AddBase(*base.dataset, forgotten, logged, interactions);
  }
  AddLogged(logged, interactions, counts);
  RETURN_IF_ERROR(interactions.Close());
  if (counts.of_base + logged.rows.size() == 0)
    return absl::FailedPreconditionError("the event log holds nothing that is worth anything yet");

  std::vector<AtomicColumn> item_columns;
  if (!base.item_file.empty()) {
    ASSIGN_OR_RETURN(const AtomicFile file, AtomicFile::Open(base.item_file));
    item_columns = file.columns();
    ASSIGN_OR_RETURN(const std::string items, ReadFile(base.item_file));
    RETURN_IF_ERROR(WriteFileAtomically(folder.File("item"), items));
    RETURN_IF_ERROR(CopyVectors(base.item_file, folder.File("item")));
  }
  UserFile users(base.spec);
  RETURN_IF_ERROR(users.Write(base.user_file, logged, forgotten_ids, folder.File("user")));
  RETURN_IF_ERROR(WriteDatasetSpec(SpecOf(base, interactions.Rules(), item_columns, users),
                                   folder.File("spec.txtpb")));
  return counts;
}

}  // namespace shortlist
