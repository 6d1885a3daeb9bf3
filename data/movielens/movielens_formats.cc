#include "data/movielens/movielens_formats.h"

#include <algorithm>
#include <array>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "common/text/utf8.h"
#include "data/importing/input/table_format.h"
#include "data/importing/input/table_rows.h"
#include "data/tables/atomic_file.h"
#include "data/tables/line_reader.h"
#include "data/tables/separated_rows.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;
using Cells = std::span<const std::string_view>;

// The flags of u.item in their order; the first stands for "unknown".
constexpr std::array<std::string_view, 19> kGenresOf100K = {
    "",          "Action",   "Adventure",   "Animation", "Children's",
    "Comedy",    "Crime",    "Documentary", "Drama",     "Fantasy",
    "Film-Noir", "Horror",   "Musical",     "Mystery",   "Romance",
    "Sci-Fi",    "Thriller", "War",         "Western"};

// As the header of ratings.csv has them; the files without a header have the same columns.
std::vector<std::string> RatingColumns() { return {"userId", "movieId", "rating", "timestamp"}; }

TableFormat Csv() {
  TableFormat format;
  format.kind = TableFormat::Kind::kDelimited;
  format.delimiter = ",";
  return format;
}

TableFormat RatingsWithoutHeader(std::string_view delimiter) {
  TableFormat format;
  format.kind = TableFormat::Kind::kDelimited;
  format.delimiter = delimiter;
  format.quotes = false;
  format.columns = RatingColumns();
  return format;
}

struct CodeName {
  std::string_view code;
  std::string_view name;
};

// What the README of MovieLens 1M says its codes mean.
constexpr CodeName kAgesOf1M[] = {{"1", "under-18"}, {"18", "18-24"}, {"25", "25-34"},
                                  {"35", "35-44"},   {"45", "45-49"}, {"50", "50-55"},
                                  {"56", "56+"}};
constexpr CodeName kOccupationsOf1M[] = {
    {"0", "other"},       {"1", "educator"},        {"2", "artist"},
    {"3", "clerical"},    {"4", "college-student"}, {"5", "customer-service"},
    {"6", "healthcare"},  {"7", "executive"},       {"8", "farmer"},
    {"9", "homemaker"},   {"10", "k-12-student"},   {"11", "lawyer"},
    {"12", "programmer"}, {"13", "retired"},        {"14", "sales"},
    {"15", "scientist"},  {"16", "self-employed"},  {"17", "technician"},
    {"18", "craftsman"},  {"19", "unemployed"},     {"20", "writer"}};

absl::StatusOr<std::string_view> FindName(std::span<const CodeName> names, std::string_view code,
                                          std::string_view what) {
  auto it = std::find_if(names.begin(), names.end(),
                         [&](const CodeName& name) { return name.code == code; });
  if (it == names.end())
    return absl::InvalidArgumentError(
        absl::StrCat("unknown code for the ", AbslView(what), ": \"", AbslView(code), "\""));
  return it->name;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsYear(std::string_view text) {
  return text.size() == 4 && std::all_of(text.begin(), text.end(), IsDigit);
}

std::vector<std::string_view> SplitGenres(std::string_view text) {
  std::vector<std::string_view> genres;
  if (text.empty() || text == "(no genres listed)") return genres;
  SplitCells(text, "|", genres);
  return genres;
}

absl::Status ReadMapped(const fs::path& path, std::string_view separator, size_t columns,
                        BadRows& bad_rows, RowUser use) {
  ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  LineReader lines(path.string(), file->content());
  return ForEachSeparatedRow(lines, separator, columns, bad_rows, use);
}

// For the files that are distributed in ISO 8859-1; copies that somebody converted pass as well.
absl::Status ReadLatin1(const fs::path& path, std::string_view separator, size_t columns,
                        BadRows& bad_rows, RowUser use) {
  ASSIGN_OR_RETURN(std::string content, ReadFile(path));
  if (!IsUtf8(content)) content = Latin1ToUtf8(content);
  LineReader lines(path.string(), content);
  return ForEachSeparatedRow(lines, separator, columns, bad_rows, use);
}

absl::Status AddItem(MovieLensWriter& writer, std::string_view id, std::string_view title_and_year,
                     std::string_view genres) {
  auto [title, year] = SplitTitle(title_and_year);
  return writer.AddItem({id, title, year, SplitGenres(genres)});
}

// u.data: user, item, rating, timestamp. u.item: id, title, release date ("01-Jan-1995"), video
// release date, URL, genre flags. u.user: id, age, gender, occupation, zip code.
absl::Status Read100K(const fs::path& folder, MovieLensWriter& writer, BadRows& bad_rows) {
  RETURN_IF_ERROR(
      writer.AddRatings(folder / "u.data", RatingsWithoutHeader("\t"), RatingColumns(), bad_rows));
  RETURN_IF_ERROR(ReadLatin1(folder / "u.item", "|", 24, bad_rows, [&](Cells cells) {
    auto [title, year] = SplitTitle(cells[1]);
    std::string_view date = cells[2];
    if (year.empty() && date.size() > 4 && IsYear(date.substr(date.size() - 4)))
      year = date.substr(date.size() - 4);
    MovieLensItem item{cells[0], title, year, {}};
    for (size_t genre = 0; genre < kGenresOf100K.size(); ++genre) {
      std::string_view flag = cells[5 + genre];
      if (flag != "0" && flag != "1")
        return absl::InvalidArgumentError(
            absl::StrCat("a genre's flag is neither 0 nor 1: \"", AbslView(flag), "\""));
      if (flag == "1" && !kGenresOf100K[genre].empty()) item.genres.push_back(kGenresOf100K[genre]);
    }
    return writer.AddItem(item);
  }));
  writer.StartUsers("float");
  return ReadLatin1(folder / "u.user", "|", 5, bad_rows, [&](Cells cells) {
    if (!cells[1].empty()) RETURN_IF_ERROR(ParseNumber(cells[1], "the age").status());
    return writer.AddUser({cells[0], cells[1], cells[2], cells[3]});
  });
}

absl::Status ReadRatingsDat(const fs::path& folder, MovieLensWriter& writer, BadRows& bad_rows) {
  return writer.AddRatings(folder / "ratings.dat", RatingsWithoutHeader("::"), RatingColumns(),
                           bad_rows);
}

// users.dat: id, gender, age code, occupation code, zip code.
absl::Status Read1M(const fs::path& folder, MovieLensWriter& writer, BadRows& bad_rows) {
  RETURN_IF_ERROR(ReadRatingsDat(folder, writer, bad_rows));
  RETURN_IF_ERROR(ReadLatin1(folder / "movies.dat", "::", 3, bad_rows, [&](Cells cells) {
    return AddItem(writer, cells[0], cells[1], cells[2]);
  }));
  writer.StartUsers("token");
  return ReadMapped(folder / "users.dat", "::", 5, bad_rows, [&](Cells cells) {
    ASSIGN_OR_RETURN(std::string_view age, FindName(kAgesOf1M, cells[2], "age"));
    ASSIGN_OR_RETURN(std::string_view occupation,
                     FindName(kOccupationsOf1M, cells[3], "occupation"));
    return writer.AddUser({cells[0], age, cells[1], occupation});
  });
}

absl::Status Read10M(const fs::path& folder, MovieLensWriter& writer, BadRows& bad_rows) {
  RETURN_IF_ERROR(ReadRatingsDat(folder, writer, bad_rows));
  return ReadMapped(folder / "movies.dat", "::", 3, bad_rows,
                    [&](Cells cells) { return AddItem(writer, cells[0], cells[1], cells[2]); });
}

absl::Status ReadCsvFiles(const fs::path& ratings, const fs::path& movies, MovieLensWriter& writer,
                          BadRows& bad_rows) {
  RETURN_IF_ERROR(writer.AddRatings(ratings, Csv(), RatingColumns(), bad_rows));
  return ForEachTableRow(movies, Csv(), {"movieId", "title", "genres"}, bad_rows, [&](Cells cells) {
    return AddItem(writer, cells[0], cells[1], cells[2]);
  });
}

absl::Status ReadCsv(const fs::path& folder, MovieLensWriter& writer, BadRows& bad_rows) {
  return ReadCsvFiles(folder / "ratings.csv", folder / "movies.csv", writer, bad_rows);
}

// The copy of 20M on Kaggle (grouplens/movielens-20m-dataset): other names, and times as text.
absl::Status ReadKaggle(const fs::path& folder, MovieLensWriter& writer, BadRows& bad_rows) {
  return ReadCsvFiles(folder / "rating.csv", folder / "movie.csv", writer, bad_rows);
}

absl::Status ReadDslabsFolder(const fs::path& folder, MovieLensWriter& writer, BadRows& bad_rows) {
  return ReadDslabsMovieLens(folder / "movielens.csv", writer, bad_rows);
}

}  // namespace

std::span<const MovieLensFormat> MovieLensFormats() {
  static const auto& formats = *new std::vector<MovieLensFormat>{
      {"MovieLens 100K", {"u.data", "u.item", "u.user"}, Read100K},
      {"MovieLens 1M", {"ratings.dat", "movies.dat", "users.dat"}, Read1M},
      {"MovieLens 10M", {"ratings.dat", "movies.dat"}, Read10M},
      {"MovieLens 20M, 25M, 32M or latest", {"ratings.csv", "movies.csv"}, ReadCsv},
      {"MovieLens 20M of Kaggle", {"rating.csv", "movie.csv"}, ReadKaggle},
      {"dslabs::movielens", {"movielens.csv"}, ReadDslabsFolder},
  };
  return formats;
}

absl::Status ReadDslabsMovieLens(const fs::path& csv, MovieLensWriter& writer, BadRows& bad_rows) {
  const std::vector<std::string> columns = {"movieId", "title",  "year",     "genres",
                                            "userId",  "rating", "timestamp"};
  return ForEachTableRow(csv, Csv(), columns, bad_rows, [&](Cells cells) {
    std::array<std::string_view, 7> values;
    std::transform(cells.begin(), cells.end(), values.begin(),
                   [](std::string_view cell) { return cell == "NA" ? "" : cell; });
    auto [id, title, year, genres, user, rating, timestamp] = values;
    RETURN_IF_ERROR(writer.AddRating({user, id, rating, timestamp}));
    if (writer.HasItem(id)) return absl::OkStatus();
    return writer.AddItem({id, title, year, SplitGenres(genres)});
  });
}

TitleAndYear SplitTitle(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  constexpr size_t kSuffix = std::string_view(" (1995)").size();
  if (text.size() <= kSuffix) return {text, ""};
  std::string_view suffix = text.substr(text.size() - kSuffix);
  if (!suffix.starts_with(" (") || !suffix.ends_with(")") || !IsYear(suffix.substr(2, 4)))
    return {text, ""};
  text.remove_suffix(kSuffix);
  return {text, suffix.substr(2, 4)};
}

}  // namespace shortlist
