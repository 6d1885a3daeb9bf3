#include "data/importing/presets.h"

#include <fnmatch.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/importing/input/table_reader.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

TableFormat Json() {
  TableFormat format;
  format.kind = TableFormat::Kind::kJsonLines;
  return format;
}

TableFormat Python() {
  TableFormat format;
  format.kind = TableFormat::Kind::kPythonLines;
  return format;
}

// With a header where `columns` is empty.
TableFormat Delimited(const char* delimiter, std::vector<std::string> columns = {}) {
  TableFormat format;
  format.kind = TableFormat::Kind::kDelimited;
  format.delimiter = delimiter;
  format.columns = std::move(columns);
  return format;
}

TableFormat Unquoted(TableFormat format) {
  format.quotes = false;
  return format;
}

ColumnSpec Missing(const char* column, const char* cell) {
  ColumnSpec spec;
  spec.name = column;
  spec.missing = {cell};
  return spec;
}

ColumnSpec Separated(const char* column, const char* separator) {
  ColumnSpec spec;
  spec.name = column;
  spec.type = ColumnType::kTokens;
  spec.separator = separator;
  return spec;
}

ImportPreset Amazon2018() {
  ImportPreset preset{"amazon-2018",
                      "Amazon reviews 2018: reviews (JSON), k-cores, or ratings only (CSV)",
                      "https://nijianmo.github.io/amazon/",
                      {"*_5.json", "[!m]*.json", "*.csv"},
                      {"meta_*.json"},
                      {}};
  // Of the ratings only; JSON has its own names.
  preset.options.interactions.format.columns = {"asin", "reviewerID", "overall", "unixReviewTime"};
  preset.options.spec.user_column = "reviewerID";
  preset.options.spec.item_column = "asin";
  preset.options.spec.rating_column = "overall";
  preset.options.spec.time_column = "unixReviewTime";
  preset.options.spec.time_unit = TimeUnit::kSeconds;
  preset.options.items.format = Json();
  preset.options.items.columns = {"title", "brand", "main_cat", "category"};
  return preset;
}

ImportPreset Amazon2023() {
  ImportPreset preset{"amazon-2023",
                      "Amazon Reviews'23: reviews (JSON lines) or ratings only (CSV)",
                      "https://amazon-reviews-2023.github.io/",
                      {"[!m]*.jsonl", "*.csv"},
                      {"meta_*.jsonl"},
                      {}};
  preset.options.spec.user_column = "user_id";
  preset.options.spec.item_column = "parent_asin";
  preset.options.spec.rating_column = "rating";
  preset.options.spec.time_column = "timestamp";
  preset.options.spec.time_unit = TimeUnit::kMilliseconds;
  preset.options.items.format = Json();
  preset.options.items.id = "parent_asin";
  preset.options.items.columns = {"title", "main_category", "store", "categories", "price"};
  return preset;
}

ImportPreset Anime() {
  ImportPreset preset{"anime",
                      "Anime Recommendations Database",
                      "https://www.kaggle.com/datasets/CooperUnion/anime-recommendations-database",
                      {"rating.csv"},
                      {"anime.csv"},
                      {}};
  preset.options.interactions.format = preset.options.items.format = Delimited(",");
  preset.options.spec.user_column = "user_id";
  preset.options.spec.item_column = "anime_id";
  preset.options.spec.rating_column = "rating";
  // Watched, but not rated.
  preset.options.spec.columns = {Missing("rating", "-1"), Separated("genre", ", "),
                                 Missing("episodes", "Unknown")};
  preset.options.items.id = "anime_id";
  // Not rating and members, which are made of the interactions.
  preset.options.items.columns = {"name", "genre", "type", "episodes"};
  return preset;
}

ImportPreset BookCrossing() {
  ImportPreset preset{"book-crossing",
                      "Book-Crossing (the CSV dump)",
                      "http://www2.informatik.uni-freiburg.de/~cziegler/BX/",
                      {"BX-Book-Ratings.csv"},
                      {"BX-Books.csv", "BX_Books.csv"},
                      {"BX-Users.csv"}};
  TableFormat format = Delimited(";");
  format.backslashes = true;
  format.latin1 = true;
  preset.options.interactions.format = preset.options.items.format = preset.options.users.format =
      format;
  preset.options.spec.user_column = "User-ID";
  preset.options.spec.item_column = "ISBN";
  preset.options.spec.rating_column = "Book-Rating";
  // Read, but not rated.
  preset.options.spec.columns = {Missing("Book-Rating", "0"), Missing("Year-Of-Publication", "0")};
  preset.options.items.columns = {"Book-Title", "Book-Author", "Year-Of-Publication", "Publisher"};
  preset.options.users.columns = {"Age"};
  return preset;
}

ImportPreset Gowalla() {
  ImportPreset preset{"gowalla",
                      "Gowalla check-ins",
                      "https://snap.stanford.edu/data/loc-gowalla.html",
                      {"loc-gowalla_totalCheckins.txt", "Gowalla_totalCheckins.txt"},
                      {},
                      {}};
  preset.options.interactions.format =
      Unquoted(Delimited("\t", {"user", "check-in time", "latitude", "longitude", "location id"}));
  preset.options.spec.user_column = "user";
  preset.options.spec.item_column = "location id";
  preset.options.spec.time_column = "check-in time";
  return preset;
}

ImportPreset Hm() {
  ImportPreset preset{
      "hm",
      "H&M Personalized Fashion Recommendations",
      "https://www.kaggle.com/competitions/h-and-m-personalized-fashion-recommendations/data",
      {"transactions_train.csv"},
      {"articles.csv"},
      {"customers.csv"}};
  preset.options.interactions.format = preset.options.items.format = preset.options.users.format =
      Delimited(",");
  preset.options.spec.user_column = "customer_id";
  preset.options.spec.item_column = "article_id";
  preset.options.spec.time_column = "t_dat";
  preset.options.contexts = {"sales_channel_id"};
  preset.options.items.columns = {"prod_name",         "product_type_name", "product_group_name",
                                  "colour_group_name", "department_name",   "index_name",
                                  "section_name",      "garment_group_name"};
  preset.options.users.columns = {"club_member_status", "fashion_news_frequency", "age"};
  return preset;
}

ImportPreset KuaiRec() {
  ImportPreset preset{"kuairec",
                      "KuaiRec: what was watched for at least the video's length is liked",
                      "https://kuairec.com/",
                      {"big_matrix.csv"},
                      {},
                      {"user_features.csv"}};
  preset.options.interactions.format = preset.options.users.format = Delimited(",");
  preset.options.spec.user_column = "user_id";
  preset.options.spec.item_column = "video_id";
  preset.options.spec.time_column = "timestamp";
  preset.options.spec.time_unit = TimeUnit::kSeconds;
  preset.options.spec.worth = {{.column = "watch_ratio",
                                .condition = WorthRule::Condition::kAtLeast,
                                .is = "",
                                .bound = 1,
                                .worth = 1}};
  preset.options.users.columns = {"user_active_degree", "follow_user_num_range",
                                  "fans_user_num_range", "friend_user_num_range",
                                  "register_days_range"};
  return preset;
}

ImportPreset LastFm360K() {
  ImportPreset preset{
      "lastfm-360k",
      "Last.fm 360K users: artists by their names, since one in a hundred has no id",
      "http://ocelma.net/MusicRecommendationDataset/lastfm-360K.html",
      {"usersha1-artmbid-artname-plays.tsv"},
      {},
      {"usersha1-profile.tsv"}};
  preset.options.interactions.format =
      Unquoted(Delimited("\t", {"user-mboxsha1", "musicbrainz-artist-id", "artist-name", "plays"}));
  preset.options.users.format =
      Unquoted(Delimited("\t", {"user-mboxsha1", "gender", "age", "country", "signup"}));
  preset.options.spec.user_column = "user-mboxsha1";
  preset.options.spec.item_column = "artist-name";
  preset.options.users.columns = {"gender", "age", "country"};
  return preset;
}

ImportPreset Mind() {
  ImportPreset preset{"mind",
                      "MIND: what was shown, and whether it was clicked",
                      "https://github.com/msnews/msnews.github.io/blob/master/assets/doc/"
                      "introduction.md",
                      {"behaviors.tsv"},
                      {"news.tsv"},
                      {}};
  preset.options.interactions.format =
      Unquoted(Delimited("\t", {"impression_id", "user_id", "time", "history", "impressions"}));
  preset.options.items.format =
      Unquoted(Delimited("\t", {"news_id", "category", "subcategory", "title", "abstract", "url",
                                "title_entities", "abstract_entities"}));
  preset.options.spec.user_column = "user_id";
  preset.options.spec.item_column = "impressions";
  preset.options.spec.time_column = "time";
  preset.options.impressions = true;
  preset.options.items.id = "news_id";
  preset.options.items.columns = {"category", "subcategory", "title"};
  return preset;
}

ImportPreset RetailRocket() {
  ImportPreset preset{"retailrocket",
                      "RetailRocket events: views, additions to the cart and transactions",
                      "https://www.kaggle.com/datasets/retailrocket/ecommerce-dataset",
                      {"events.csv"},
                      {},
                      {}};
  preset.options.interactions.format = Delimited(",");
  preset.options.spec.user_column = "visitorid";
  preset.options.spec.item_column = "itemid";
  preset.options.spec.time_column = "timestamp";
  preset.options.spec.type_column = "event";
  preset.options.spec.time_unit = TimeUnit::kMilliseconds;
  return preset;
}

ImportPreset Steam() {
  ImportPreset preset{"steam",
                      "Steam reviews and games, in Python's notation",
                      "https://cseweb.ucsd.edu/~jmcauley/datasets.html#steam_data",
                      {"steam_reviews.json", "steam_new.json"},
                      {"steam_games.json"},
                      {}};
  preset.options.interactions.format = preset.options.items.format = Python();
  preset.options.spec.user_column = "username";
  preset.options.spec.item_column = "product_id";
  preset.options.spec.time_column = "date";
  preset.options.items.id = "id";
  preset.options.items.columns = {"app_name", "genres", "developer", "publisher"};
  return preset;
}

ImportPreset Yelp() {
  ImportPreset preset{"yelp",
                      "Yelp open dataset",
                      "https://www.yelp.com/dataset/documentation/main",
                      {"yelp_academic_dataset_review.json", "review.json"},
                      {"yelp_academic_dataset_business.json", "business.json"},
                      {}};
  preset.options.interactions.format = preset.options.items.format = Json();
  preset.options.spec.user_column = "user_id";
  preset.options.spec.item_column = "business_id";
  preset.options.spec.rating_column = "stars";
  preset.options.spec.time_column = "date";
  preset.options.spec.columns = {Separated("categories", ", ")};
  // Not stars and review_count, which are made of the interactions.
  preset.options.items.columns = {"name", "city", "state", "categories"};
  return preset;
}

ImportPreset YooChoose() {
  ImportPreset preset{"yoochoose",
                      "YooChoose clicks (RecSys Challenge 2015); sessions are the users",
                      "https://www.kaggle.com/datasets/chadgostopp/recsys-challenge-2015",
                      {"yoochoose-clicks.dat"},
                      {},
                      {}};
  preset.options.interactions.format =
      Unquoted(Delimited(",", {"session", "timestamp", "item", "category"}));
  preset.options.spec.user_column = "session";
  preset.options.spec.item_column = "item";
  preset.options.spec.time_column = "timestamp";
  return preset;
}

// The files of a folder that match a pattern, plain or packed, in order.
std::vector<fs::path> Matches(const fs::path& folder, std::string_view pattern) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    for (const char* ending : {"", ".gz", ".zst"})
      if (::fnmatch(absl::StrCat(AbslView(pattern), ending).c_str(), name.c_str(), 0) == 0 &&
          entry.is_regular_file())
        found.push_back(entry.path());
  }
  DropPackedCopies(found);
  return found;
}

std::vector<fs::path> FirstMatches(const fs::path& folder,
                                   const std::vector<std::string_view>& patterns) {
  for (std::string_view pattern : patterns) {
    std::vector<fs::path> found = Matches(folder, pattern);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace

std::span<const ImportPreset> ImportPresets() {
  static const auto& presets = *new std::vector<ImportPreset>{
      Amazon2018(), Amazon2023(), Anime(),        BookCrossing(), Gowalla(), Hm(),       KuaiRec(),
      LastFm360K(), Mind(),       RetailRocket(), Steam(),        Yelp(),    YooChoose()};
  return presets;
}

absl::StatusOr<const ImportPreset*> FindPreset(std::string_view name) {
  std::vector<std::string> names;
  for (const ImportPreset& preset : ImportPresets()) {
    if (preset.name == name) return &preset;
    names.emplace_back(preset.name);
  }
  return absl::InvalidArgumentError(absl::StrCat("there is no preset ", AbslView(name),
                                                 "; there are: ", absl::StrJoin(names, ", ")));
}

absl::StatusOr<TableImportOptions> FilesOfPreset(const ImportPreset& preset,
                                                 const fs::path& folder) {
  TableImportOptions options = preset.options;
  options.interactions.files = FirstMatches(folder, preset.interaction_files);
  options.items.files = FirstMatches(folder, preset.item_files);
  options.users.files = FirstMatches(folder, preset.user_files);
  if (!options.interactions.files.empty()) return options;
  std::vector<std::string> looked_for;
  for (std::string_view file : preset.interaction_files) looked_for.emplace_back(file);
  return absl::NotFoundError(absl::StrCat(folder.string(), ": no file of ", AbslView(preset.data),
                                          "; looked for ", absl::StrJoin(looked_for, ", ")));
}

}  // namespace shortlist
