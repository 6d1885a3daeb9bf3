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
#include "app/importing/import_plan.h"
#include "app/importing/import_table_flags.h"
#include "common/status_macros.h"
#include "data/importing/table_import.h"
#include "data/movielens/movielens_import.h"

namespace shortlist {
namespace {

struct ImportFlags {
  std::filesystem::path source;
  std::filesystem::path out;
  ImportOptions options;
};

std::string Count(const DistinctCounter& ids) {
  return absl::StrCat(ids.exact() ? "" : "about ", ids.count());
}

std::string LeftOut(uint64_t bad_rows) {
  return bad_rows > 0 ? absl::StrCat(", left out ", bad_rows, " bad rows") : "";
}

absl::Status RunImportTable(const ImportTableFlags& flags) {
  ASSIGN_OR_RETURN(const TableImportOptions options, ReadImportTableFlags(flags));
  if (flags.dry_run) {
    ASSIGN_OR_RETURN(const TablePlan plan, PlanTables(options));
    std::fputs(FormatImportPlan(plan).c_str(), stdout);
    return absl::OkStatus();
  }
  if (flags.out.empty()) return absl::InvalidArgumentError("--out or --dry-run is needed");
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const TableImport import, ImportTables(options, flags.out));
  std::printf("%s\n%s: %s users, %s items, %" PRIu64 " interactions imported in %.1f s%s\n",
              FormatImportPlan(import.plan).c_str(), flags.out.c_str(), Count(import.users).c_str(),
              Count(import.items).c_str(), import.interactions,
              absl::ToDoubleSeconds(absl::Now() - start), LeftOut(import.bad_rows).c_str());
  return absl::OkStatus();
}

absl::Status RunImportMovieLens(const ImportFlags& flags) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const MovieLensImport import,
                   ImportMovieLens(flags.source, flags.out, flags.options));
  std::printf("%s: %" PRIu64 " users, %" PRIu64 " items, %" PRIu64
              " ratings of %s imported in %.1f s%s\n",
              flags.out.c_str(), import.users, import.items, import.ratings, import.format.c_str(),
              absl::ToDoubleSeconds(absl::Now() - start), LeftOut(import.bad_rows).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddImportCommand(Command& app, CommandAction& action) {
  Command command = app.AddCommand("import", "Make a data set of data in another form.");
  command.RequireCommand();

  auto flags = std::make_shared<ImportFlags>();
  Command movielens = command.AddCommand(
      "movielens",
      "Any MovieLens distribution: 100K, 1M, 10M, 20M, 25M, 32M, latest, latest-small, Kaggle's.");
  movielens
      .Add("source", flags->source,
           "Folder of the unpacked distribution, or the CSV of R's dslabs::movielens")
      .Required();
  movielens.Add("--out", flags->out, "Folder of the data set; its name becomes the set's")
      .Required();
  AddSkipBadRows(movielens, flags->options.skip_bad_rows);
  movielens.AddFlag("--force", flags->options.force, "Replace a data set that is there already");
  movielens.OnChosen([flags, &action] { action = [flags] { return RunImportMovieLens(*flags); }; });

  auto table_flags = std::make_shared<ImportTableFlags>();
  Command table = command.AddCommand(
      "table", "Any log of interactions, and tables of items' and users' attributes.");
  AddImportTableFlags(table, *table_flags);
  table.OnChosen(
      [table_flags, &action] { action = [table_flags] { return RunImportTable(*table_flags); }; });
}

}  // namespace shortlist
