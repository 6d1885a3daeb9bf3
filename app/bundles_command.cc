// shortlist bundles: the versions of a models folder, and which of them is served.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "app/commands.h"
#include "app/text_table.h"
#include "common/status_macros.h"
#include "model/bundle_versions.h"

namespace shortlist {
namespace {

struct BundlesFlags {
  std::filesystem::path models;
  std::string version;
  size_t keep = 3;
};

absl::Status ListBundles(const BundlesFlags& flags) {
  ASSIGN_OR_RETURN(const std::vector<BundleVersion> versions, ListVersions(flags.models));
  TextTable table({{"version"}, {"bundle"}, {"MB", TextTable::kRight}, {""}});
  for (const BundleVersion& version : versions)
    table.AddRow({version.name, version.bundle_id.substr(0, 8),
                  absl::StrFormat("%.1f", static_cast<double>(version.bytes) / 1e6),
                  version.is_current ? "current" : ""});
  std::fputs(table.ToString().c_str(), stdout);
  return absl::OkStatus();
}

absl::Status Activate(const std::filesystem::path& models, const std::string& version) {
  RETURN_IF_ERROR(ActivateVersion(models, version));
  std::printf("Services of %s serve version %s within a second of having loaded it\n",
              models.c_str(), version.c_str());
  return absl::OkStatus();
}

absl::Status RollBack(const BundlesFlags& flags) {
  ASSIGN_OR_RETURN(const std::vector<BundleVersion> versions, ListVersions(flags.models));
  for (size_t i = 1; i < versions.size(); ++i)
    if (versions[i].is_current) return Activate(flags.models, versions[i - 1].name);
  return absl::FailedPreconditionError(
      absl::StrCat(flags.models.string(), ": has no version before the current one"));
}

absl::Status Prune(const BundlesFlags& flags) {
  ASSIGN_OR_RETURN(const std::vector<std::string> removed, PruneVersions(flags.models, flags.keep));
  for (const std::string& version : removed) std::printf("Removed %s\n", version.c_str());
  return absl::OkStatus();
}

}  // namespace

void AddBundlesCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<BundlesFlags>();
  Command command = app.AddCommand("bundles", "Versions of the model, and which one is served.");
  command.RequireCommand();
  const auto add = [&](const char* name, const char* what,
                       absl::Status (*run)(const BundlesFlags&)) {
    Command added = command.AddCommand(name, what);
    added.Add("--models", flags->models, "Folder of the bundles").Required();
    added.OnChosen([flags, run, &action] { action = [flags, run] { return run(*flags); }; });
    return added;
  };
  add("list", "Print the versions, the latest last.", &ListBundles);
  add("activate", "Serve a version; services take it up while they run.",
      [](const BundlesFlags& given) { return Activate(given.models, given.version); })
      .Add("--version", flags->version, "Name of the version, as `list` prints it")
      .Required();
  add("rollback", "Serve the version before the current one.", &RollBack);
  add("prune", "Remove old versions, never the current one nor the one before it.", &Prune)
      .Add("--keep", flags->keep, "Versions to keep [3]");
}

}  // namespace shortlist
