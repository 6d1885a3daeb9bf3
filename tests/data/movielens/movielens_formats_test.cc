#include "data/movielens/movielens_formats.h"

#include <algorithm>
#include <memory>
#include <string>

#include "common/files.h"
#include "data/dataset_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

TEST(SplitTitle, TakesTheYearAtTheEndOnly) {
  auto split = [](std::string_view text) {
    TitleAndYear parts = SplitTitle(text);
    return std::string(parts.title) + "|" + std::string(parts.year);
  };
  EXPECT_EQ(split("Toy Story (1995)"), "Toy Story|1995");
  EXPECT_EQ(split("Toy Story (1995)  "), "Toy Story|1995");
  EXPECT_EQ(split("2001: A Space Odyssey (1968)"), "2001: A Space Odyssey|1968");
  EXPECT_EQ(split("1984 (Nineteen Eighty-Four) (1984)"), "1984 (Nineteen Eighty-Four)|1984");
  EXPECT_EQ(split("Babylon 5"), "Babylon 5|");
  EXPECT_EQ(split("Fawlty Towers (1975-1979)"), "Fawlty Towers (1975-1979)|");
  EXPECT_EQ(split("(1995)"), "(1995)|");
  EXPECT_EQ(split(""), "|");
}

TEST(MovieLensFormats, TheMoreParticularComesFirst) {
  // A folder of 1M has all files of 10M as well.
  const auto formats = MovieLensFormats();
  auto place_of = [&](std::string_view name) {
    return std::find_if(formats.begin(), formats.end(),
                        [&](const MovieLensFormat& format) { return format.name == name; });
  };
  ASSERT_NE(place_of("MovieLens 10M"), formats.end());
  EXPECT_LT(place_of("MovieLens 1M"), place_of("MovieLens 10M"));
}

TEST(ReadDslabsMovieLens, WritesAFilmOnceAndTakesNaForMissing) {
  const TemporaryFolder temporary;
  const std::unique_ptr<DatasetFolder> folder = *DatasetFolder::Create(temporary / "toy", false);
  MovieLensWriter writer(*folder);
  BadRows bad_rows(/*skip=*/false);
  const absl::Status status =
      ReadDslabsMovieLens(temporary.Write("movielens.csv",
                                          "movieId,title,year,genres,userId,rating,timestamp\n"
                                          "31,Dangerous Minds,1995,Drama|War,1,2.5,1260759144\n"
                                          "31,Dangerous Minds,1995,Drama|War,2,4,1260759150\n"
                                          "32,NA,NA,(no genres listed),2,3,1260759151\n"),
                          writer, bad_rows);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_TRUE(writer.Close().ok());
  EXPECT_EQ(writer.rating_count(), 3u);
  EXPECT_EQ(*ReadFile(folder->File("item")),
            "item_id:token\ttitle:token_seq\tyear:float\tgenre:token_seq\n"
            "31\tDangerous Minds\t1995\tDrama War\n32\t\t\t\n");
}

}  // namespace
}  // namespace shortlist
