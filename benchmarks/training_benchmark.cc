// How fast the sequence towers train: examples a second, and the share of what matrix products
// reach on this machine. Prints a line for people and one of JSON; benchmarks/training_torch.py
// trains the same model on the same sizes with PyTorch.

#include <cblas.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/command_line.h"
#include "common/parallel.h"
#include "common/status_macros.h"
#include "data/user_sequences.h"
#include "learning/towers/two_tower_trainer.h"
#include "retrieval/two_tower.h"

namespace shortlist {
namespace {

double SecondsSince(absl::Time start) { return absl::ToDoubleSeconds(absl::Now() - start); }

struct Sizes {
  uint32_t users = 2'000;
  uint32_t items = 12'000;
  uint32_t interactions_per_user = 40;
};

// A field of `values` values, of which row i has value i modulo `values`.
AttributeCodes MakeAttribute(const std::string& name, uint32_t rows, uint32_t values) {
  AttributeCodes attribute{
      .schema = {{.name = name, .type = AttributeType::kToken, .values = {}, .bucket_edges = {}}},
      .offsets = {0},
      .codes = {}};
  for (uint32_t value = 0; value < values; ++value)
    attribute.schema[0].values.push_back(absl::StrCat(value));
  for (uint32_t row = 0; row < rows; ++row) {
    attribute.codes.push_back(row % values);
    attribute.offsets.push_back(row + 1);
  }
  return attribute;
}

// Users with random items, and an attribute of everything: how fast training is depends on the
// sizes, not on what there is to learn.
Dataset MakeDataset(const Sizes& sizes) {
  Dataset dataset;
  dataset.name = "made up";
  dataset.has_times = true;
  AttributeCodes genres = MakeAttribute("genre", sizes.items, 4);
  dataset.items.schema = std::move(genres.schema);
  dataset.items.code_offsets = std::move(genres.offsets);
  dataset.items.codes = std::move(genres.codes);
  dataset.items.interaction_counts.assign(sizes.items, 0);
  for (uint32_t item = 0; item < sizes.items; ++item)
    dataset.items.ids.push_back(absl::StrCat("i", item));
  dataset.user_attributes = MakeAttribute("gender", sizes.users, 2);
  dataset.context_attributes =
      MakeAttribute("weekday", sizes.users * sizes.interactions_per_user, 7);
  std::mt19937_64 random(7);
  std::uniform_int_distribution<uint32_t> any_item(0, sizes.items - 1);
  for (uint32_t user = 0; user < sizes.users; ++user) {
    dataset.user_ids.push_back(absl::StrCat("u", user));
    for (uint32_t i = 0; i < sizes.interactions_per_user; ++i) {
      const ItemRow item = any_item(random);
      dataset.interactions.push_back(
          {.user = user, .item = item, .time_ms = 1000 * int64_t{i}, .value = 0});
      ++dataset.items.interaction_counts[item];
    }
  }
  return dataset;
}

// Floating-point operations a second of matrix products, all threads at once.
double MeasurePeak(WorkerPool& pool) {
  constexpr int kSize = 1024;
  constexpr int kRepeats = 20;
  std::vector<Matrix> a(pool.threads(), Matrix::Ones(kSize, kSize));
  std::vector<Matrix> b = a;
  std::vector<Matrix> c = a;
  auto multiply = [&](size_t thread, int repeats) {
    for (int i = 0; i < repeats; ++i) c[thread].noalias() = a[thread] * b[thread];
  };
  pool.ForEach(pool.threads(), [&](size_t thread) { multiply(thread, 2); });
  const absl::Time start = absl::Now();
  pool.ForEach(pool.threads(), [&](size_t thread) { multiply(thread, kRepeats); });
  return 2.0 * kSize * kSize * kSize * kRepeats * static_cast<double>(pool.threads()) /
         SecondsSince(start);
}

// Operations of an example in matrix products, forward and backward: scores, and the user tower.
double OperationsOfAnExample(const TwoTowerOptions& options, double items) {
  const double dim = options.shape.dim;
  const double candidates =
      items <= static_cast<double>(options.full_softmax_items)
          ? items
          : static_cast<double>(options.batch_size + options.uniform_negatives);
  const double weights =
      dim * dim + 4 * dim * options.shape.hidden + dim * options.shape.hidden + 4 * dim * dim;
  return 6 * (candidates * dim + weights);
}

// Microseconds of the served user tower for a history of 50 items.
absl::StatusOr<double> MeasureUserTower(const TrainedTowers& towers, const Dataset& dataset) {
  constexpr int kRepeats = 20'000;
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / absl::StrCat("training-benchmark-", ::getpid());
  RETURN_IF_ERROR(WriteTwoTower(towers, dataset, path));
  const auto served = TwoTower::Open(path, static_cast<uint32_t>(dataset.items.ids.size()));
  std::filesystem::remove(path);  // It stays mapped.
  RETURN_IF_ERROR(served.status());
  EncodedUser user;
  for (ItemRow item = 0; item < 50; ++item) user.history.push_back({item, 0, 0});
  float sum = 0;  // Used, so that nothing is optimised away.
  const absl::Time start = absl::Now();
  for (int i = 0; i < kRepeats; ++i) sum += served->UserVector(user, {})[0];
  const double seconds = SecondsSince(start);
  if (!std::isfinite(sum)) return absl::InternalError("the user vector is not finite");
  return 1e6 * seconds / kRepeats;
}

int Run(int argc, char** argv) {
  Sizes data;
  TwoTowerOptions options;
  options.max_epochs = 2;
  size_t threads = 0;
  CommandLine app("Training speed of the towers.");
  app.Add("--users", data.users, "Users").ShowDefault();
  app.Add("--items", data.items, "Items").ShowDefault();
  app.Add("--interactions", data.interactions_per_user, "Interactions of each user").ShowDefault();
  app.Add("--dim", options.shape.dim, "Dimension").ShowDefault();
  app.Add("--batch", options.batch_size, "Examples a step").ShowDefault();
  app.Add("--negatives", options.uniform_negatives, "Uniform negatives of a batch").ShowDefault();
  app.Add("--threads", threads, "Threads; 0: one per core").ShowDefault();
  if (const std::optional<int> code = app.Parse(argc, argv)) return *code;

  openblas_set_num_threads(1);
  WorkerPool pool(threads);
  const double peak = MeasurePeak(pool);
  const Dataset dataset = MakeDataset(data);
  std::vector<UserSequence> sequences = WithoutHoldout(SplitPerUser(dataset, 0, 0));
  const absl::Time start = absl::Now();
  const auto trained = TrainTwoTower(dataset, sequences, options, nullptr, pool);
  const double seconds = SecondsSince(start);
  if (!trained.ok()) {
    std::fprintf(stderr, "%s\n", std::string(trained.status().message()).c_str());
    return 1;
  }
  const auto user_tower = MeasureUserTower(trained->towers, dataset);
  if (!user_tower.ok()) {
    std::fprintf(stderr, "%s\n", std::string(user_tower.status().message()).c_str());
    return 1;
  }
  const double examples =
      static_cast<double>(dataset.interactions.size() * options.max_epochs) / seconds;
  const double share = examples * OperationsOfAnExample(options, data.items) / peak;
  std::printf(
      "shortlist: %.0f examples/s on %zu threads; matrix products at %.0f %% of the %.0f "
      "GFLOP/s that they reach alone; the user tower, as served, takes %.1f us for 50 items\n",
      examples, pool.threads(), 100 * share, peak / 1e9, *user_tower);
  const nlohmann::json json = {
      {"examples_per_second", examples}, {"peak_gflops", peak / 1e9},
      {"share_of_peak", share},          {"loss", trained->epochs.back().loss},
      {"threads", pool.threads()},       {"user_tower_microseconds", *user_tower}};
  std::printf("%s\n", json.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace shortlist

int main(int argc, char** argv) { return shortlist::Run(argc, argv); }
