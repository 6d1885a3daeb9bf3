// shortlist import FORMAT: from data as others distribute it to a data set in RecBole's atomic
// form.

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "common/status_macros.h"
#include "data/movielens/movielens_import.h"

namespace shortlist {
namespace {

struct ImportFlags {
  std::filesystem::path source;
  std::filesystem::path out;
  ImportOptions options;
};

absl::Status RunImport(const ImportFlags& flags) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const MovieLensImport import,
                   ImportMovieLens(flags.source, flags.out, flags.options));
  const std::string bad_rows =
      import.bad_rows > 0 ? absl::StrCat(", left out ", import.bad_rows, " bad rows") : "";
  std::printf("%s: %" PRIu64 " users, %" PRIu64 " items, %" PRIu64
              " ratings of %s imported in %.1f s%s\n",
              flags.out.c_str(), import.users, import.items, import.ratings, import.format.c_str(),
              absl::ToDoubleSeconds(absl::Now() - start), bad_rows.c_str());
  return absl::OkStatus();
}

}  // namespace

void AddImportCommand(Command& app, CommandAction& action) {
  Command command = app.AddCommand("import", "Make a data set of data in another form.");
  command.RequireCommand();

  auto flags = std::make_shared<ImportFlags>();
  Command movielens = command.AddCommand(
      "movielens",
      "Any MovieLens distribution: 100K, 1M, 10M, 20M, 25M, 32M, latest, latest-small.");
  movielens
      .Add("source", flags->source,
           "Folder of the unpacked distribution, or the CSV of R's dslabs::movielens")
      .Required();
  movielens.Add("--out", flags->out, "Folder of the data set; its name becomes the set's")
      .Required();
  AddSkipBadRows(movielens, flags->options.skip_bad_rows);
  movielens.AddFlag("--force", flags->options.force, "Replace a data set that is there already");
  movielens.OnChosen([flags, &action] { action = [flags] { return RunImport(*flags); }; });
}

}  // namespace shortlist
