// How fast the sequence towers train: examples a second, and the share of what matrix products
// reach on this machine. Prints a line for people and one of JSON; benchmarks/training_torch.py
// trains the same model on the same sizes with PyTorch.

#include <cblas.h>
#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/parallel.h"
#include "tests/support/synthetic_dataset.h"
#include "training/two_tower_trainer.h"
#include "training/user_sequences.h"

namespace shortlist {
namespace {

double SecondsSince(absl::Time start) { return absl::ToDoubleSeconds(absl::Now() - start); }

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

int Run(int argc, char** argv) {
  SyntheticDatasetOptions data{.users = 2'000, .items = 12'000, .interactions_per_user = 40};
  TwoTowerOptions options;
  options.max_epochs = 2;
  size_t threads = 0;
  CLI::App app("Training speed of the towers.");
  app.add_option("--users", data.users, "Users")->capture_default_str();
  app.add_option("--items", data.items, "Items")->capture_default_str();
  app.add_option("--interactions", data.interactions_per_user, "Interactions of each user")
      ->capture_default_str();
  app.add_option("--dim", options.shape.dim, "Dimension")->capture_default_str();
  app.add_option("--batch", options.batch_size, "Examples a step")->capture_default_str();
  app.add_option("--negatives", options.uniform_negatives, "Uniform negatives of a batch")
      ->capture_default_str();
  app.add_option("--threads", threads, "Threads; 0: one per core")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  openblas_set_num_threads(1);
  WorkerPool pool(threads);
  const double peak = MeasurePeak(pool);
  const Dataset dataset = MakeSyntheticDataset(data);
  std::vector<UserSequence> sequences = WithoutHoldout(SplitPerUser(dataset, 0, 0));
  const absl::Time start = absl::Now();
  const auto trained = TrainTwoTower(dataset, sequences, options, nullptr, pool);
  const double seconds = SecondsSince(start);
  if (!trained.ok()) {
    std::fprintf(stderr, "%s\n", std::string(trained.status().message()).c_str());
    return 1;
  }
  const double examples =
      static_cast<double>(dataset.interactions.size() * options.max_epochs) / seconds;
  const double share = examples * OperationsOfAnExample(options, data.items) / peak;
  std::printf(
      "shortlist: %.0f examples/s on %zu threads; matrix products at %.0f %% of the %.0f "
      "GFLOP/s that they reach alone\n",
      examples, pool.threads(), 100 * share, peak / 1e9);
  const nlohmann::json json = {{"examples_per_second", examples},
                               {"peak_gflops", peak / 1e9},
                               {"share_of_peak", share},
                               {"loss", trained->epochs.back().loss},
                               {"threads", pool.threads()}};
  std::printf("%s\n", json.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace shortlist

int main(int argc, char** argv) { return shortlist::Run(argc, argv); }
