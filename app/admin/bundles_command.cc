// shortlist bundles: the versions of a models folder, and which of them is served.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "app/admin/admin_client.h"
#include "app/commands.h"
#include "app/text_table.h"
#include "common/status_macros.h"
#include "model/bundle_versions.h"

namespace shortlist {
namespace {

struct BundlesFlags {
  std::filesystem::path models;
  std::string server;  // Empty: the folder is worked on.
  std::string version;
  bool skip_canary = false;
  size_t keep = 3;
};

std::string Megabytes(double bytes) { return absl::StrFormat("%.1f", bytes / 1e6); }

absl::Status ListFolder(const BundlesFlags& flags) {
  ASSIGN_OR_RETURN(const std::vector<BundleVersion> versions, ListVersions(flags.models));
  TextTable table({{"version"}, {"bundle"}, {"MB", TextTable::kRight}, {""}});
  for (const BundleVersion& version : versions)
    table.AddRow({version.name, version.bundle_id.substr(0, 8),
                  Megabytes(static_cast<double>(version.bytes)),
                  version.is_current ? "current" : ""});
  std::fputs(table.ToString().c_str(), stdout);
  return absl::OkStatus();
}

absl::Status ListServer(const BundlesFlags& flags) {
  v1::ListBundlesResponse response;
  RETURN_IF_ERROR(
      CallAdmin(flags.server, &v1::Admin::Stub::ListBundles, v1::ListBundlesRequest(), response));
  TextTable table({{"version"}, {"bundle"}, {"MB", TextTable::kRight}, {""}});
  for (const v1::BundleInfo& bundle : response.bundles()) {
    std::vector<std::string> words;
    if (bundle.current()) words.emplace_back("current");
    if (bundle.served()) words.emplace_back("served");
    if (bundle.previous()) words.emplace_back("previous");
    if (!bundle.refused_reason().empty())
      words.push_back(absl::StrCat("refused: ", bundle.refused_reason()));
    table.AddRow({bundle.version(), bundle.bundle_id().substr(0, 8),
                  Megabytes(static_cast<double>(bundle.bytes())), absl::StrJoin(words, ", ")});
  }
  std::fputs(table.ToString().c_str(), stdout);
  return absl::OkStatus();
}

void SayServed(const BundlesFlags& flags, const std::string& version) {
  std::printf("%s serves version %s\n", flags.server.c_str(), version.c_str());
}

absl::Status ActivateInFolder(const BundlesFlags& flags, const std::string& version) {
  RETURN_IF_ERROR(ActivateVersion(flags.models, version));
  std::printf(
      "Services of %s serve version %s as soon as they have loaded it and it has passed "
      "their checks\n",
      flags.models.c_str(), version.c_str());
  return absl::OkStatus();
}

absl::Status ActivateAtServer(const BundlesFlags& flags) {
  v1::ActivateBundleRequest request;
  request.set_version(flags.version);
  request.set_skip_canary(flags.skip_canary);
  v1::ActivateBundleResponse response;
  RETURN_IF_ERROR(CallAdmin(flags.server, &v1::Admin::Stub::ActivateBundle, request, response));
  SayServed(flags, response.version());
  return absl::OkStatus();
}

absl::Status RollBackInFolder(const BundlesFlags& flags) {
  ASSIGN_OR_RETURN(const std::string version, VersionBeforeCurrent(flags.models));
  return ActivateInFolder(flags, version);
}

absl::Status RollBackAtServer(const BundlesFlags& flags) {
  v1::RollBackResponse response;
  RETURN_IF_ERROR(
      CallAdmin(flags.server, &v1::Admin::Stub::RollBack, v1::RollBackRequest(), response));
  SayServed(flags, response.version());
  return absl::OkStatus();
}

absl::Status Prune(const BundlesFlags& flags) {
  ASSIGN_OR_RETURN(const std::vector<std::string> removed, PruneVersions(flags.models, flags.keep));
  for (const std::string& version : removed) std::printf("Removed %s\n", version.c_str());
  return absl::OkStatus();
}

absl::Status CheckPlace(const BundlesFlags& flags) {
  if (flags.models.empty() == flags.server.empty())
    return absl::InvalidArgumentError(
        "which bundles? give either --models, a folder, or --server, a process that serves");
  return absl::OkStatus();
}

}  // namespace

void AddBundlesCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<BundlesFlags>();
  Command command = app.AddCommand("bundles", "Versions of the model, and which one is served.");
  command.RequireCommand();
  using Run = absl::Status (*)(const BundlesFlags&);
  const auto add = [&](const char* name, const char* what, Run in_folder, Run at_server) {
    Command added = command.AddCommand(name, what);
    CommandOption models = added.Add("--models", flags->models, "Folder of the bundles");
    if (at_server == nullptr) {
      models.Required();
    } else {
      added.Add("--server", flags->server,
                "HOST:PORT of a process that serves, to see and do it there, in place of --models");
    }
    added.OnChosen([flags, in_folder, at_server, &action] {
      action = [flags, in_folder, at_server] {
        if (absl::Status status = CheckPlace(*flags); !status.ok()) return status;
        return flags->server.empty() ? in_folder(*flags) : at_server(*flags);
      };
    });
    return added;
  };
  add("list", "Print the versions, the latest last.", &ListFolder, &ListServer);
  Command activate = add(
      "activate", "Serve a version; services take it up while they run.",
      [](const BundlesFlags& given) { return ActivateInFolder(given, given.version); },
      &ActivateAtServer);
  activate.Add("--version", flags->version, "Name of the version, as `list` prints it").Required();
  activate.AddFlag("--skip-canary", flags->skip_canary,
                   "With --server: serve it without trying it beside what is served");
  add("rollback", "Serve the version before the current one.", &RollBackInFolder,
      &RollBackAtServer);
  add("prune", "Remove old versions, but for those that are current, before that, or in use.",
      &Prune, nullptr)
      .Add("--keep", flags->keep, "Versions to keep [3]");
}

}  // namespace shortlist
