// Writes a MovieLens data set as atomic files, checking the rows on the way.
//
// NAME.inter: user_id, item_id, rating, timestamp. NAME.item: item_id, title, year, genre.
// NAME.user, where anything is known of users: user_id, age, gender, occupation. Not thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "data/dataset_folder.h"
#include "data/importing/distinct_counter.h"
#include "data/importing/input/table_format.h"
#include "data/movielens/rating_converter.h"
#include "data/tables/atomic_file_writer.h"
#include "data/tables/bad_rows.h"

namespace shortlist {

struct MovieLensRating {
  std::string_view user;
  std::string_view item;
  std::string_view rating;
  std::string_view timestamp;  // Unix seconds, or a date as text.
};

struct MovieLensItem {
  std::string_view id;
  std::string_view title;
  std::string_view year;                 // Empty: not known.
  std::vector<std::string_view> genres;  // Without spaces.
};

struct MovieLensUser {
  std::string_view id;
  std::string_view age;
  std::string_view gender;
  std::string_view occupation;
};

class MovieLensWriter {
 public:
  explicit MovieLensWriter(const DatasetFolder& folder);

  // Writes all rows of a table of ratings, whose columns for user, item, rating and time have the
  // names `columns`, on all threads. Bad rows go to `bad_rows`.
  absl::Status AddRatings(const std::filesystem::path& table, const TableFormat& format,
                          const std::vector<std::string>& columns, BadRows& bad_rows);
  // Each writes one row, or says why the row is bad.
  absl::Status AddRating(const MovieLensRating& rating);
  absl::Status AddItem(const MovieLensItem& item);
  absl::Status AddUser(const MovieLensUser& user);
  bool HasItem(std::string_view id) const;

  // Begins NAME.user, before the first user. Ages are numbers ("float") or ranges ("token").
  void StartUsers(std::string_view age_type);
  absl::Status Close();

  // Different users and items seen in any file so far; exact up to DistinctCounter::kMaxKept.
  uint64_t user_count() const;
  uint64_t item_count() const;
  uint64_t rating_count() const { return rating_count_; }

 private:
  using Ids = absl::flat_hash_set<std::string>;

  const DatasetFolder& folder_;
  AtomicFileWriter inter_file_;
  AtomicFileWriter item_file_;
  std::optional<AtomicFileWriter> user_file_;
  RatingConverter rating_;
  std::string rating_line_;
  DistinctCounter users_, items_;          // With any row but those of rating_.
  Ids described_users_, described_items_;  // With a row of attributes.
  uint64_t rating_count_ = 0;
};

}  // namespace shortlist
