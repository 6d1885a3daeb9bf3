// shortlist features: what the ranker sees of an item for a user of a data set.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "app/commands.h"
#include "app/text_table.h"
#include "common/status_macros.h"
#include "data/dataset.h"
#include "data/past_request.h"
#include "model/bundle.h"
#include "pipeline/local_pipeline.h"

namespace shortlist {
namespace {

constexpr size_t kValueWidth = 60;

struct FeaturesFlags {
  std::filesystem::path dataset;
  std::filesystem::path models;
  std::string user;
  std::string item;
};

// A request of the user: just before they took the item, or else after all that is known of them.
struct Moment {
  UserState user;
  RequestContext context;
  bool before_the_item = false;
};

Moment MomentOf(const Dataset& dataset, uint32_t user, const std::string& item) {
  size_t begin = 0;
  while (begin < dataset.interactions.size() && dataset.interactions[begin].user < user) ++begin;
  size_t end = begin;
  while (end < dataset.interactions.size() && dataset.interactions[end].user == user) ++end;
  for (size_t position = begin; position < end; ++position)
    if (dataset.items.ids[dataset.interactions[position].item] == item)
      return {StateOf(dataset, user, begin, position), ContextOf(dataset, position), true};
  Moment now{StateOf(dataset, user, begin, end), {}, false};
  now.context.time_ms = absl::ToUnixMillis(absl::Now());
  return now;
}

// Of every head of the bundle.
void PrintFeatures(const Bundle& bundle, const FeatureExtractor::Request& request,
                   size_t position) {
  const FeatureExtractor& extractor = *bundle.extractor;
  std::vector<const LogisticRanker*> heads = {&*bundle.ranker};
  std::vector<TextTable::Column> columns = {{"feature", TextTable::kLeft},
                                            {"is", TextTable::kLeft},
                                            {"the model sees", TextTable::kRight},
                                            {"weight", TextTable::kRight},
                                            {"adds", TextTable::kRight}};
  if (bundle.liked_head) {
    heads.push_back(&*bundle.liked_head);
    columns.push_back({"for liking: weight", TextTable::kRight});
    columns.push_back({"adds", TextTable::kRight});
  }
  TextTable table(std::move(columns));
  std::vector<FeatureValue> values;
  extractor.Compute(request, position, values);
  size_t next = 0;
  for (size_t f = 0; f < extractor.spec().features.size(); ++f) {
    std::string name = extractor.spec().features[f].name;
    std::string is = Shorten(extractor.Describe(request, position, f), kValueWidth);
    if (next == values.size() || extractor.FeatureOf(values[next].index) != f) {
      std::vector<std::string> row = {name, is, "missing"};
      row.resize(3 + 2 * heads.size());
      table.AddRow(std::move(row));
    }
    for (; next < values.size() && extractor.FeatureOf(values[next].index) == f; ++next) {
      const auto& [index, value] = values[next];
      std::vector<std::string> row = {name, is, absl::StrFormat("%.4g", value)};
      for (const LogisticRanker* head : heads) {
        const float weight = head->weights().weights[index];
        row.push_back(absl::StrFormat("%+.4f", weight));
        row.push_back(absl::StrFormat("%+.4f", weight * value));
      }
      table.AddRow(std::move(row));
      name = is = "";
    }
  }
  std::vector<std::string> bias = {"bias", "", ""};
  for (const LogisticRanker* head : heads)
    bias.insert(bias.end(), {"", absl::StrFormat("%+.4f", head->weights().bias)});
  table.AddRow(std::move(bias));
  std::fputs(table.ToString().c_str(), stdout);
  std::printf("\n");
}

void PrintScore(const char* name, const LogisticRanker& head, float score) {
  std::printf("%s %.4f: probability %.2f%%\n", name, score, 100 * head.Probability(score));
}

absl::Status RunFeatures(const FeaturesFlags& flags) {
  ASSIGN_OR_RETURN(const Dataset dataset, LoadDataset(flags.dataset, {.skip_bad_rows = true}));
  const auto user = std::find(dataset.user_ids.begin(), dataset.user_ids.end(), flags.user);
  if (user == dataset.user_ids.end())
    return absl::NotFoundError(
        absl::StrCat("the data set ", dataset.name, " has no user \"", flags.user, "\""));
  const std::filesystem::path models =
      flags.models.empty() ? std::filesystem::path("models") / dataset.name : flags.models;
  ASSIGN_OR_RETURN(const std::shared_ptr<const Bundle> bundle, LoadCurrentBundle(models));
  const std::optional<ItemRow> item = bundle->catalog.FindItem(flags.item);
  if (!item)
    return absl::NotFoundError(
        absl::StrCat("the catalog of ", models.string(), " has no item \"", flags.item, "\""));

  const Moment moment =
      MomentOf(dataset, static_cast<uint32_t>(user - dataset.user_ids.begin()), flags.item);
  const LocalPipeline pipeline;
  const Query query{.user = moment.user, .context = moment.context};
  BoundQuery bound(query, bundle);
  bound.pinned_item_ids = {flags.item};
  ASSIGN_OR_RETURN(const std::vector<Candidate> candidates, pipeline.Generate(bound));
  const auto candidate = std::find_if(candidates.begin(), candidates.end(),
                                      [&](const Candidate& c) { return c.item == *item; });
  if (candidate == candidates.end())
    return absl::InternalError("the item is not among its own candidates");
  const auto position = static_cast<size_t>(candidate - candidates.begin());
  const FeatureExtractor::Request request =
      bundle->extractor->Begin(bound.user(), bound.context(), candidates);
  ASSIGN_OR_RETURN(const Scores scores,
                   pipeline.Rank(bound, candidates, bundle->liked_head.has_value()));

  const std::string_view title = bundle->catalog.title(*item);
  std::printf("%s (item %s) for user %s, %s: candidate %zu of %zu\n\n",
              std::string(title.empty() ? "untitled" : title).c_str(), flags.item.c_str(),
              flags.user.c_str(),
              moment.before_the_item ? "just before they took it" : "who has not taken it, now",
              position + 1, candidates.size());
  PrintFeatures(*bundle, request, position);
  PrintScore("score", *bundle->ranker, scores.ranker[position]);
  if (bundle->liked_head) PrintScore("liking", *bundle->liked_head, scores.liked[position]);
  return absl::OkStatus();
}

}  // namespace

void AddFeaturesCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<FeaturesFlags>();
  Command command = app.AddCommand("features", "Print what the ranker sees of an item for a user.");
  command.Add("--dataset", flags->dataset, "Folder of a data set in RecBole's atomic form")
      .Required();
  command.Add("--user", flags->user, "The user's id").Required();
  command.Add("--item", flags->item, "The item's id").Required();
  command.Add("--models", flags->models, "Folder of the bundles [models/NAME, of the data set]");
  command.OnChosen([flags, &action] { action = [flags] { return RunFeatures(*flags); }; });
}

}  // namespace shortlist
