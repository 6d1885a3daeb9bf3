// shortlist synth: a made-up catalog of any size, published like a trained one, with its users.

#include <cstdio>
#include <filesystem>
#include <memory>

#include "absl/time/clock.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "model/bundle_publisher.h"
#include "state/state_stores.h"
#include "training/synthetic_catalog.h"

namespace shortlist {
namespace {

struct SynthFlags {
  std::filesystem::path models;
  std::string state;
  SyntheticCatalogOptions options;
};

absl::Status Synth(const SynthFlags& flags) {
  ASSIGN_OR_RETURN(BundlePublisher publisher, BundlePublisher::Begin(flags.models));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<StateStore> store,
      OpenStateStore(StateOf(flags.state, flags.models), StateProjection(), IfMissing::kCreate));
  SyntheticCatalog catalog(flags.options);
  RETURN_IF_ERROR(catalog.WriteBundle(publisher.staging()));
  const auto seed_users = [&]() -> absl::Status {
    Progress progress("users", flags.options.users, "users");
    size_t user = 0;
    RETURN_IF_ERROR(store->ReplaceSeeds([&](UserState& state) {
      if (user == flags.options.users) return false;
      catalog.MakeUser(user++, state);
      progress.Update(user);
      return true;
    }));
    progress.Finish();
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const PublishedBundle published, publisher.Publish(absl::Now(), seed_users));
  std::printf("Published %s\n  bundle %s\n", published.folder.c_str(), published.id.c_str());
  return absl::OkStatus();
}

}  // namespace

void AddSynthCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<SynthFlags>();
  Command command = app.AddCommand(
      "synth", "Make up a catalog and its users, to measure with, and publish it untrained.");
  command.Add("--models", flags->models, "Folder of the bundles; made if missing").Required();
  AddState(command, flags->state);
  command.Add("--items", flags->options.items, "Items").Within(1'000, 100'000'000).ShowDefault();
  command.Add("--users", flags->options.users, "Users").Within(1, 100'000'000).ShowDefault();
  command.Add("--dim", flags->options.dim, "Size of the embeddings").Within(4, 1024).ShowDefault();
  AddSeed(command, flags->options.seed);
  AddThreads(command, flags->options.threads);
  command.OnChosen([flags, &action] { action = [flags] { return Synth(*flags); }; });
}

}  // namespace shortlist
