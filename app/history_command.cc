// shortlist history: what a user of a data set liked, to compare recommendations with. Bad rows do
// not matter here: they are only logged.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "app/commands.h"
#include "common/status_macros.h"
#include "data/dataset.h"

namespace shortlist {
namespace {

struct HistoryFlags {
  std::filesystem::path dataset;
  std::string user;
  size_t count = 10;
};

// The user's interactions, by rating and then time, the highest and the newest first.
std::vector<DatasetInteraction> InteractionsOf(const Dataset& dataset, uint32_t user) {
  auto by_user = [](const DatasetInteraction& a, const DatasetInteraction& b) {
    return a.user < b.user;
  };
  const auto [begin, end] =
      std::equal_range(dataset.interactions.begin(), dataset.interactions.end(),
                       DatasetInteraction{user, 0, 0, 0}, by_user);
  std::vector<DatasetInteraction> interactions(begin, end);
  std::reverse(interactions.begin(), interactions.end());  // Where no time says it: newest first.
  std::stable_sort(interactions.begin(), interactions.end(),
                   [](const DatasetInteraction& a, const DatasetInteraction& b) {
                     return a.value != b.value ? a.value > b.value : a.time_ms > b.time_ms;
                   });
  return interactions;
}

void PrintTable(const Dataset& dataset, const std::vector<DatasetInteraction>& interactions) {
  size_t id_width = 4;
  for (const DatasetInteraction& interaction : interactions)
    id_width = std::max(id_width, dataset.items.ids[interaction.item].size());
  const int width = static_cast<int>(id_width);
  absl::PrintF("rating  date        %-*s  title\n", width, "item");
  for (const DatasetInteraction& interaction : interactions) {
    std::string rating = "-", date = "-", title = "-";
    if (interaction.value != 0) rating = absl::StrFormat("%g", interaction.value);
    if (dataset.has_unix_times && interaction.time_ms != 0)
      date = absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(interaction.time_ms),
                              absl::UTCTimeZone());
    if (!dataset.items.titles.empty() && !dataset.items.titles[interaction.item].empty())
      title = dataset.items.titles[interaction.item];
    absl::PrintF("%6s  %-10s  %-*s  %s\n", rating, date, width, dataset.items.ids[interaction.item],
                 title);
  }
}

absl::Status RunHistory(const HistoryFlags& flags) {
  ASSIGN_OR_RETURN(const Dataset dataset, LoadDataset(flags.dataset, {.skip_bad_rows = true}));
  const auto it = std::find(dataset.user_ids.begin(), dataset.user_ids.end(), flags.user);
  if (it == dataset.user_ids.end())
    return absl::NotFoundError(
        absl::StrCat("the data set ", dataset.name, " has no user \"", flags.user, "\""));
  std::vector<DatasetInteraction> interactions =
      InteractionsOf(dataset, static_cast<uint32_t>(it - dataset.user_ids.begin()));
  const size_t all = interactions.size();
  interactions.resize(std::min(all, flags.count));
  const bool rated = !interactions.empty() && interactions.front().value != 0;
  absl::PrintF("User %s: the %s %d of %d items\n", flags.user, rated ? "best rated" : "newest",
               interactions.size(), all);
  PrintTable(dataset, interactions);
  return absl::OkStatus();
}

}  // namespace

void AddHistoryCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<HistoryFlags>();
  Command command = app.AddCommand(
      "history", "Print what a user of a data set liked: highest rating first, then newest.");
  command.Add("--dataset", flags->dataset, "Folder of a data set in RecBole's atomic form")
      .Required();
  command.Add("--user", flags->user, "The user's id").Required();
  command.Add("--count", flags->count, "Items to print at most").Within(1, 1'000'000).ShowDefault();
  command.OnChosen([flags, &action] { action = [flags] { return RunHistory(*flags); }; });
}

}  // namespace shortlist
