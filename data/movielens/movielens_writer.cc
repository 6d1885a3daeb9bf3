#include "data/movielens/movielens_writer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "data/id_column.h"
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

absl::Status MovieLensWriter::AddRating(const MovieLensRating& rating) {
  RETURN_IF_ERROR(CheckId(rating.user, "the user id"));
  RETURN_IF_ERROR(CheckId(rating.item, "the item id"));
  RETURN_IF_ERROR(ParseNumber(rating.rating, "the rating").status());
  RETURN_IF_ERROR(ParseNumber(rating.timestamp, "the timestamp").status());
  Insert(users_, rating.user);
  Insert(items_, rating.item);
  ++rating_count_;
  inter_file_.AddRow({rating.user, rating.item, rating.rating, rating.timestamp});
  return absl::OkStatus();
}

absl::Status MovieLensWriter::AddItem(const MovieLensItem& item) {
  RETURN_IF_ERROR(CheckId(item.id, "the item id"));
  if (!item.year.empty()) RETURN_IF_ERROR(ParseNumber(item.year, "the year").status());
  if (!Insert(described_items_, item.id))
    return absl::InvalidArgumentError(
        absl::StrCat("a second row for the item \"", AbslView(item.id), "\""));
  Insert(items_, item.id);
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
  Insert(users_, user.id);
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
