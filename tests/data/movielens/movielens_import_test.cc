#include "data/movielens/movielens_import.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "data/dataset.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MovieLensImportTest : public ::testing::Test {
 protected:
  // Imports folder "in" as "toy".
  absl::StatusOr<MovieLensImport> Import(const ImportOptions& options = {}) {
    return ImportMovieLens(folder_ / "in", folder_ / "toy", options);
  }
  MovieLensImport MustImport(const ImportOptions& options = {}) {
    absl::StatusOr<MovieLensImport> import = Import(options);
    EXPECT_TRUE(import.ok()) << import.status();
    return import.value_or(MovieLensImport{});
  }
  std::string ImportError() { return std::string(Import().status().message()); }
  std::string Path(const std::string& name) { return (folder_ / "in" / name).string(); }
  // What was written to toy/toy.ENDING.
  std::string Written(const std::string& ending) {
    return ReadFile(folder_ / "toy" / ("toy." + ending)).value_or("");
  }
  void Write(const std::string& name, const std::string& content) {
    folder_.Write("in/" + name, content);
  }
  // Everything in the test's folder, to see that nothing was left.
  std::vector<std::string> Entries() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  void Write100K() {
    Write("u.data", "196\t242\t3\t881250949\n186\t302\t4\t891717742\n");
    Write("u.item",
          "242|L\xE9on (1994)|01-Jan-1994||http://x|0|1|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0\n"
          "302|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n"
          "303|Land (1995) (V)|02-Feb-1995|||0|0|0|0|1|0|0|0|0|0|1|0|0|0|0|0|0|0|0\n");
    Write("u.user", "196|49|M|writer|55105\n186|39|F|executive|00000\n9|29|M|student|01002\n");
  }
  void WriteSmallCsv() {
    Write("ratings.csv",
          "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n"
          "2,31,4.0,835355493\n");
    Write("movies.csv",
          "movieId,title,genres\n31,Dangerous Minds (1995),Drama\n"
          "1029,\"Great Gatsby, The \"\"new\"\" (2013) \",Drama|Romance\n"
          "5,Fargo (1996-1997),(no genres listed)\n");
  }

  TemporaryFolder folder_;
};

constexpr char kInterHeader[] = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n";
constexpr char kItemHeader[] = "item_id:token\ttitle:token_seq\tyear:float\tgenre:token_seq\n";

TEST_F(MovieLensImportTest, Reads100K) {
  Write100K();
  MovieLensImport import = MustImport();
  EXPECT_EQ(import.format, "MovieLens 100K");
  EXPECT_EQ(import.users, 3u);
  EXPECT_EQ(import.items, 3u);
  EXPECT_EQ(import.ratings, 2u);
  EXPECT_EQ(import.bad_rows, 0u);
  EXPECT_EQ(Written("inter"),
            kInterHeader + std::string("196\t242\t3\t881250949\n186\t302\t4\t891717742\n"));
  EXPECT_EQ(Written("item"), kItemHeader + std::string("242\tLéon\t1994\tAction Crime\n"
                                                       "302\tunknown\t\t\n"
                                                       "303\tLand (1995) (V)\t1995\t"
                                                       "Children's Film-Noir\n"));
  EXPECT_EQ(Written("user"),
            "user_id:token\tage:float\tgender:token\toccupation:token\n"
            "196\t49\tM\twriter\n186\t39\tF\texecutive\n9\t29\tM\tstudent\n");
  EXPECT_THAT(Entries(), ElementsAre("in", "toy"));
}

TEST_F(MovieLensImportTest, Reads1MWithNamesForItsCodes) {
  Write("ratings.dat", "1::1193::5::978300760\n2::1193::4::978298413\n");
  Write("movies.dat",
        "1193::Mis\xE9rables, Les (1995)::Drama|Children's\n7::Dr. Who: A Film (1996)::Sci-Fi\n");
  Write("users.dat", "1::F::1::10::48067\n2::M::56::16::70072\n");
  MovieLensImport import = MustImport();
  EXPECT_EQ(import.format, "MovieLens 1M");
  EXPECT_EQ(Written("inter"),
            kInterHeader + std::string("1\t1193\t5\t978300760\n2\t1193\t4\t978298413\n"));
  EXPECT_EQ(Written("item"), kItemHeader + std::string("1193\tMisérables, Les\t1995\t"
                                                       "Drama Children's\n"
                                                       "7\tDr. Who: A Film\t1996\tSci-Fi\n"));
  EXPECT_EQ(Written("user"),
            "user_id:token\tage:token\tgender:token\toccupation:token\n"
            "1\tunder-18\tF\tk-12-student\n2\t56+\tM\tself-employed\n");
}

TEST_F(MovieLensImportTest, KnowsEveryCodeOf1M) {
  Write("ratings.dat", "1::1::5::978300760\n");
  Write("movies.dat", "1::A (1995)::Drama\n");
  std::string users;
  for (int age : {1, 18, 25, 35, 45, 50, 56})
    for (int occupation = 0; occupation <= 20; ++occupation)
      users += absl::StrCat("a", age, "o", occupation, "::F::", age, "::", occupation, "::1\n");
  Write("users.dat", users);
  EXPECT_EQ(MustImport().users, 148u);
  const std::string written = Written("user");
  for (const char* row : {"a1o0\tunder-18\tF\tother\n", "a18o1\t18-24\tF\teducator\n",
                          "a25o6\t25-34\tF\thealthcare\n", "a35o11\t35-44\tF\tlawyer\n",
                          "a45o15\t45-49\tF\tscientist\n", "a50o18\t50-55\tF\tcraftsman\n",
                          "a56o20\t56+\tF\twriter\n"})
    EXPECT_THAT(written, HasSubstr(row));
}

TEST_F(MovieLensImportTest, Reads10M) {
  Write("ratings.dat", "1::122::4.5::838985046\n");
  Write("movies.dat",
        "122::Misérables, Les (1995)::Drama\n4::Pull My Daisy (1958)::(no genres listed)\n");
  Write("tags.dat", "not read");
  MovieLensImport import = MustImport();
  EXPECT_EQ(import.format, "MovieLens 10M");
  EXPECT_EQ(import.items, 2u);
  EXPECT_EQ(Written("inter"), kInterHeader + std::string("1\t122\t4.5\t838985046\n"));
  EXPECT_EQ(Written("item"), kItemHeader + std::string("122\tMisérables, Les\t1995\tDrama\n"
                                                       "4\tPull My Daisy\t1958\t\n"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "toy/toy.user"));
}

TEST_F(MovieLensImportTest, ReadsTheCsvOf20MAndLater) {
  WriteSmallCsv();
  MovieLensImport import = MustImport();
  EXPECT_EQ(import.users, 2u);
  EXPECT_EQ(import.items, 3u);
  EXPECT_EQ(import.ratings, 3u);
  EXPECT_EQ(Written("inter"),
            kInterHeader + std::string("1\t31\t2.5\t1260759144\n1\t1029\t3.0\t1260759179\n"
                                       "2\t31\t4.0\t835355493\n"));
  EXPECT_EQ(
      Written("item"),
      kItemHeader + std::string("31\tDangerous Minds\t1995\tDrama\n"
                                "1029\t\"Great Gatsby, The \"\"new\"\"\"\t2013\tDrama Romance\n"
                                "5\tFargo (1996-1997)\t\t\n"));
}

TEST_F(MovieLensImportTest, ReadsKagglesCopyOf20MWithTimesAsText) {
  Write("rating.csv",
        "\"userId\",\"movieId\",\"rating\",\"timestamp\"\n"
        "1,2,3.5,\"2005-04-02 23:53:47\"\n1,29,3.5,\"2005-04-02 23:31:16\"\n"
        "2,2,4,\"1999-12-11 13:36:47\"\n");
  Write("movie.csv",
        "\"movieId\",\"title\",\"genres\"\n2,\"Jumanji (1995)\",\"Adventure|Children|Fantasy\"\n"
        "29,\"City of Lost Children, The (1995)\",\"Adventure|Drama\"\n");
  MovieLensImport import = MustImport();
  EXPECT_EQ(import.format, "MovieLens 20M of Kaggle");
  EXPECT_EQ(Written("inter"), kInterHeader + std::string("1\t2\t3.5\t2005-04-02 23:53:47\n"
                                                         "1\t29\t3.5\t2005-04-02 23:31:16\n"
                                                         "2\t2\t4\t1999-12-11 13:36:47\n"));
  EXPECT_EQ(Written("item"),
            kItemHeader + std::string("2\tJumanji\t1995\tAdventure Children Fantasy\n"
                                      "29\tCity of Lost Children, The\t1995\tAdventure Drama\n"));
}

TEST_F(MovieLensImportTest, ReadsTheCsvThatRWrites) {
  const std::string csv =
      "\"movieId\",\"title\",\"year\",\"genres\",\"userId\",\"rating\",\"timestamp\"\n"
      "31,\"Dangerous Minds\",1995,\"Drama\",1,2.5,1260759144\n"
      "51372,\"\"\"Great\"\" Cats \",1998,\"Musical|War\",1,0.5,1258440271\n"
      "31,\"Dangerous Minds\",1995,\"Drama\",2,4,1260759145\n"
      "108583,NA,NA,\"(no genres listed)\",2,5,1435472609\n";
  std::filesystem::path path = folder_.Write("in/movielens.csv", csv);
  EXPECT_EQ(MustImport().users, 2u);
  const std::string items = Written("item");
  EXPECT_EQ(items, kItemHeader + std::string("31\tDangerous Minds\t1995\tDrama\n"
                                             "51372\t\"\"\"Great\"\" Cats\"\t1998\tMusical War\n"
                                             "108583\t\t\t\n"));
  // The file itself, under whatever name, will do as well.
  ASSERT_TRUE(ImportMovieLens(path, folder_ / "toy", {.force = true}).ok());
  EXPECT_EQ(Written("item"), items);
}

TEST_F(MovieLensImportTest, WritesWhatLoadDatasetReads) {
  Write100K();
  MustImport();
  absl::StatusOr<Dataset> dataset = LoadDataset(folder_ / "toy", {});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  EXPECT_EQ(dataset->name, "toy");
  EXPECT_EQ(dataset->user_ids.size(), 3u);
  EXPECT_THAT(dataset->items.titles, ElementsAre("Léon", "unknown", "Land (1995) (V)"));
  EXPECT_TRUE(dataset->has_unix_times);
  EXPECT_EQ(dataset->items.schema[0].type, AttributeType::kNumber);
  EXPECT_EQ(dataset->user_attributes.schema[0].type, AttributeType::kNumber);
}

TEST_F(MovieLensImportTest, SaysWhatItLookedFor) {
  EXPECT_THAT(ImportError(), HasSubstr((folder_ / "in").string() + ": no such folder or file"));
  Write("u.data", "");
  EXPECT_THAT(ImportError(), HasSubstr("u.data, u.item, u.user (MovieLens 100K)"));
  EXPECT_THAT(ImportError(), HasSubstr("ratings.csv, movies.csv"));
}

struct BadFile {
  std::string file;
  std::string content;
  std::string error;  // After the path of the file.
};

TEST_F(MovieLensImportTest, NamesFileLineAndReasonAndLeavesNothing) {
  const std::string flags = "0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0";
  const BadFile cases[] = {
      {"u.data", "1\t2\t3\t881250949\n1\t2\t3\n", ":2: expected 4 columns, found 3"},
      {"u.data", "1\t2\tx\t881250949\n", ":1: the rating is not a finite number: \"x\""},
      {"u.data", "1\t2\t3\t\n", ":1: the timestamp is empty"},
      {"u.data", "\t2\t3\t4\n", ":1: the user id is empty"},
      {"u.data", "1\t\t3\t4\n", ":1: the item id is empty"},
      {"u.data", "", "u.data is empty"},
      {"u.item", "1|A|||" + flags + "\n", ":1: expected 24 columns, found 23"},
      {"u.item", "1|A||||" + flags + "\n1|B||||" + flags + "\n",
       ":2: a second row for the item \"1\""},
      {"u.item", "1|A||||2" + flags.substr(1) + "\n",
       ":1: a genre's flag is neither 0 nor 1: \"2\""},
      {"u.user", "1|old|M|writer|1\n", ":1: the age is not a finite number: \"old\""},
      {"u.user", "1|1|M|writer|1\n1|1|M|writer|1\n", ":2: a second row for the user \"1\""},
  };
  for (const BadFile& bad : cases) {
    Write100K();
    Write(bad.file, bad.content);
    const std::string path = bad.content.empty() ? "" : Path(bad.file);
    EXPECT_THAT(ImportError(), HasSubstr(path + bad.error));
    EXPECT_THAT(Entries(), ElementsAre("in"));
  }
}

TEST_F(MovieLensImportTest, NamesBadRowsOfDatFiles) {
  Write("ratings.dat", "1::1::5::978300760\n");
  Write("movies.dat", "1::A (1995)::Drama\n");
  Write("users.dat", "1::F::2::10::48067\n");
  EXPECT_EQ(ImportError(), Path("users.dat") + ":1: unknown code for the age: \"2\"");
  Write("users.dat", "1::F::1::21::48067\n");
  EXPECT_EQ(ImportError(), Path("users.dat") + ":1: unknown code for the occupation: \"21\"");
  Write("users.dat", "1::F::1::20::48067\n");
  Write("ratings.dat", "1::1::5::978300760\n1:1:5:978300760\n");
  EXPECT_EQ(ImportError(), Path("ratings.dat") + ":2: expected 4 columns, found 1");
}

TEST_F(MovieLensImportTest, LeavesOutAndCountsBadRowsWhenAsked) {
  WriteSmallCsv();
  Write("ratings.csv",
        "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,31\n1,31,good,1\n2,31,4,"
        "835355493\n");
  MovieLensImport import = MustImport({.skip_bad_rows = true});
  EXPECT_EQ(import.bad_rows, 2u);
  EXPECT_EQ(import.ratings, 2u);
}

TEST_F(MovieLensImportTest, NeedsTheColumnsOfACsvFile) {
  WriteSmallCsv();
  Write("ratings.csv", "userId,movieId,timestamp\n1,31,1260759144\n");
  EXPECT_EQ(
      ImportError(),
      Path("ratings.csv") + ":1: there is no column rating; there are: userId, movieId, timestamp");
}

TEST_F(MovieLensImportTest, LeavesADatasetAloneUnlessForced) {
  WriteSmallCsv();
  MustImport();
  folder_.Write("toy/toy.inter", "mine");
  EXPECT_THAT(ImportError(), HasSubstr("toy is not empty"));
  EXPECT_EQ(Written("inter"), "mine");
  MustImport({.force = true});
  EXPECT_THAT(Written("inter"), HasSubstr("1260759144"));
  EXPECT_THAT(Entries(), ElementsAre("in", "toy"));
}

TEST_F(MovieLensImportTest, KeepsTheOldDatasetWhenTheNewOneIsBad) {
  WriteSmallCsv();
  MustImport();
  const std::string before = Written("inter");
  Write("movies.csv", "movieId,title,genres\n1\n");
  EXPECT_FALSE(Import({.force = true}).ok());
  EXPECT_EQ(Written("inter"), before);
  EXPECT_THAT(Entries(), ElementsAre("in", "toy"));
}

TEST_F(MovieLensImportTest, NeverReplacesAFolderThatHoldsAnythingElse) {
  WriteSmallCsv();
  folder_.Write("toy/thesis.tex", "mine");
  EXPECT_THAT(std::string(Import({.force = true}).status().message()),
              HasSubstr("toy holds more than a data set: thesis.tex"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "toy/thesis.tex"));
}

TEST_F(MovieLensImportTest, WritesIntoAnEmptyFolder) {
  WriteSmallCsv();
  std::filesystem::create_directory(folder_ / "toy");
  MustImport();
  EXPECT_THAT(Written("inter"), HasSubstr("1260759144"));
}

TEST_F(MovieLensImportTest, NamesTheFilesAfterAFolderGivenWithATrailingSlash) {
  WriteSmallCsv();
  ASSERT_TRUE(ImportMovieLens(folder_ / "in/", folder_ / "deep/toy/", {}).ok());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "deep/toy/toy.inter"));
}

}  // namespace
}  // namespace shortlist
