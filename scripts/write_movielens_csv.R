# Writes the MovieLens sample of the R package dslabs (100,004 ratings of 9,066 films by 671
# users) in the form of GroupLens' ml-latest-small: ratings.csv and movies.csv.
#
#   Rscript scripts/write_movielens_csv.R FOLDER
folder <- commandArgs(trailingOnly = TRUE)[1]
data("movielens", package = "dslabs")

write_csv <- function(rows, file, quoted) {
  path <- file.path(folder, file)
  writeLines(paste(names(rows), collapse = ","), path)
  write.table(rows, path, append = TRUE, sep = ",", qmethod = "double", quote = quoted,
              row.names = FALSE, col.names = FALSE, fileEncoding = "UTF-8")
}

movies <- unique(movielens[, c("movieId", "title", "year", "genres")])
movies <- movies[order(movies$movieId), ]
title <- ifelse(is.na(movies$title), "", movies$title)
with_year <- ifelse(is.na(movies$year), title, sprintf("%s (%d)", title, movies$year))
write_csv(data.frame(movieId = movies$movieId, title = with_year,
                     genres = as.character(movies$genres)), "movies.csv", quoted = 2)
write_csv(movielens[, c("userId", "movieId", "rating", "timestamp")], "ratings.csv", quoted = FALSE)
