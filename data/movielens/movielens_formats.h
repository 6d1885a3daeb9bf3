// The forms in which GroupLens distributes MovieLens (https://grouplens.org/datasets/movielens/),
// and those in which Kaggle and R do.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "data/movielens/movielens_writer.h"
#include "data/tables/bad_rows.h"

namespace shortlist {

struct MovieLensFormat {
  std::string_view name;
  // What a folder must hold to be of this form.
  std::vector<std::string_view> files;
  // Reads everything in `folder` into `writer`.
  absl::Status (*read)(const std::filesystem::path& folder, MovieLensWriter& writer,
                       BadRows& bad_rows);
};

// All forms. Where the files of several are there, the first one counts.
std::span<const MovieLensFormat> MovieLensFormats();

// The data frame `movielens` of R's package dslabs as write.csv writes it: one row a rating, with
// the film's title, year and genres on each; NA where something is missing.
absl::Status ReadDslabsMovieLens(const std::filesystem::path& csv, MovieLensWriter& writer,
                                 BadRows& bad_rows);

// A title and the year after it: "Toy Story (1995)" is "Toy Story" and "1995". Without such a year
// the title is left as it is and the year empty.
struct TitleAndYear {
  std::string_view title;
  std::string_view year;
};
TitleAndYear SplitTitle(std::string_view text);

}  // namespace shortlist
