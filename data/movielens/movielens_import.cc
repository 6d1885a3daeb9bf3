#include "data/movielens/movielens_import.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/dataset_folder.h"
#include "data/movielens/movielens_formats.h"
#include "data/movielens/movielens_writer.h"
#include "data/tables/bad_rows.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<MovieLensFormat> RecogniseFormat(const fs::path& source) {
  std::error_code error;
  if (!fs::exists(source, error))
    return absl::NotFoundError(absl::StrCat(source.string(), ": no such folder or file"));
  if (!fs::is_directory(source))
    return MovieLensFormat{"dslabs::movielens", {}, ReadDslabsMovieLens};
  std::string looked_for;
  for (const MovieLensFormat& format : MovieLensFormats()) {
    if (std::all_of(format.files.begin(), format.files.end(),
                    [&](std::string_view file) { return fs::exists(source / file); }))
      return format;
    std::string files;
    for (std::string_view file : format.files)
      absl::StrAppend(&files, files.empty() ? "" : ", ", AbslView(file));
    absl::StrAppend(&looked_for, "\n  ", files, " (", AbslView(format.name), ")");
  }
  return absl::InvalidArgumentError(
      absl::StrCat(source.string(), ": no MovieLens distribution; looked for", looked_for));
}

}  // namespace

absl::StatusOr<MovieLensImport> ImportMovieLens(const fs::path& source, const fs::path& out,
                                                const ImportOptions& options) {
  ASSIGN_OR_RETURN(MovieLensFormat format, RecogniseFormat(source));
  ASSIGN_OR_RETURN(std::unique_ptr<DatasetFolder> folder,
                   DatasetFolder::Create(out, options.force));
  BadRows bad_rows(options.skip_bad_rows);
  MovieLensWriter writer(*folder);
  RETURN_IF_ERROR(format.read(source, writer, bad_rows));
  RETURN_IF_ERROR(writer.Close());
  if (writer.rating_count() == 0)
    return absl::InvalidArgumentError(absl::StrCat(source.string(), ": there are no ratings"));
  RETURN_IF_ERROR(folder->Publish());
  return MovieLensImport{std::string(format.name), writer.user_count(), writer.item_count(),
                         writer.rating_count(), bad_rows.count()};
}

}  // namespace shortlist
