#include "data/movielens/movielens_writer.h"

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/parallel.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/id_column.h"
#include "data/importing/input/table_reader.h"
#include "data/importing/row_converter.h"
#include "data/tables/atomic_file.h"

namespace shortlist {
namespace {

// False when it was there already.
bool Insert(absl::flat_hash_set<std::string>& ids, std::string_view id) {
  if (ids.contains(AbslView(id))) return false;
  return ids.emplace(id).second;
}

}  // namespace

MovieLensWriter::MovieLensWriter(const DatasetFolder& folder)
    : folder_(folder),
      inter_file_(folder.File("inter"),
                  {"user_id:token", "item_id:token", "rating:float", "timestamp:float"}),
      item_file_(folder.File("item"),
                 {"item_id:token", "title:token_seq", "year:float", "genre:token_seq"}) {}

absl::Status MovieLensWriter::AddRatings(const std::filesystem::path& table,
                                         const TableFormat& format,
                                         const std::vector<std::string>& columns,
                                         BadRows& bad_rows) {
  ASSIGN_OR_RETURN(std::unique_ptr<TableReader> reader, TableReader::Open({table}, format));
  RETURN_IF_ERROR(reader->Select(columns));
  WorkerPool pool;
  std::vector<std::unique_ptr<RowConverter>> converters;
  std::vector<const RatingConverter*> ratings;
  for (size_t i = 0; i < ConvertersFor(pool); ++i) {
    auto converter = std::make_unique<RatingConverter>();
    ratings.push_back(converter.get());
    converters.push_back(std::move(converter));
  }
  ASSIGN_OR_RETURN(const uint64_t rows,
                   ConvertRows(*reader, converters, pool, bad_rows, inter_file_));
  rating_count_ += rows;
  for (const RatingConverter* converter : ratings) {
    users_.Add(converter->users());
    items_.Add(converter->items());
  }
  return absl::OkStatus();
}

absl::Status MovieLensWriter::AddRating(const MovieLensRating& rating) {
  const std::string_view cells[] = {rating.user, rating.item, rating.rating, rating.timestamp};
  rating_line_.clear();
  RETURN_IF_ERROR(rating_.Convert(cells, rating_line_));
  inter_file_.AddLines(rating_line_);
  ++rating_count_;
  return absl::OkStatus();
}

uint64_t MovieLensWriter::user_count() const {
  DistinctCounter all = users_;
  all.Add(rating_.users());
  return all.count();
}

uint64_t MovieLensWriter::item_count() const {
  DistinctCounter all = items_;
  all.Add(rating_.items());
  return all.count();
}

absl::Status MovieLensWriter::AddItem(const MovieLensItem& item) {
  RETURN_IF_ERROR(CheckId(item.id, "the item id"));
  if (!item.year.empty()) RETURN_IF_ERROR(ParseNumber(item.year, "the year").status());
  if (!Insert(described_items_, item.id))
    return absl::InvalidArgumentError(
        absl::StrCat("a second row for the item \"", AbslView(item.id), "\""));
  items_.Add(item.id);
  std::string genres;
  for (std::string_view genre : item.genres) {
    if (!genres.empty()) genres += ' ';
    genres += genre;
  }
  const absl::string_view title = absl::StripAsciiWhitespace(AbslView(item.title));
  item_file_.AddRow({item.id, {title.data(), title.size()}, item.year, genres});
  return absl::OkStatus();
}

absl::Status MovieLensWriter::AddUser(const MovieLensUser& user) {
  RETURN_IF_ERROR(CheckId(user.id, "the user id"));
  if (!Insert(described_users_, user.id))
    return absl::InvalidArgumentError(
        absl::StrCat("a second row for the user \"", AbslView(user.id), "\""));
  users_.Add(user.id);
  user_file_->AddRow({user.id, user.age, user.gender, user.occupation});
  return absl::OkStatus();
}

bool MovieLensWriter::HasItem(std::string_view id) const {
  return described_items_.contains(AbslView(id));
}

void MovieLensWriter::StartUsers(std::string_view age_type) {
  std::string age = absl::StrCat("age:", AbslView(age_type));
  user_file_.emplace(folder_.File("user"),
                     std::initializer_list<std::string_view>{"user_id:token", age, "gender:token",
                                                             "occupation:token"});
}

absl::Status MovieLensWriter::Close() {
  RETURN_IF_ERROR(inter_file_.Close());
  RETURN_IF_ERROR(item_file_.Close());
  return user_file_ ? user_file_->Close() : absl::OkStatus();
}

}  // namespace shortlist
