// Compares the item index with other engines at equal recall, all in one run and in turn, so that
// what else the machine does hits all alike. Answers are checked against exact search first.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "benchmarks/search_engine.h"
#include "benchmarks/trained_vectors.h"
#include "benchmarks/vector_file.h"
#include "common/command_line.h"
#include "common/files.h"
#include "common/output_file.h"
#include "common/parallel.h"
#include "retrieval/index/exact_search.h"

namespace shortlist {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

// One engine at one target under one filter.
struct Run {
  SearchEngine* engine;
  double build_seconds;
  size_t filter;
  double target;
  double effort;
  double recall = 0;
  std::vector<double> micros;
  std::vector<double> queries_per_second;
};

// Rows that pass, and what is to be found among them.
struct Filter {
  double share;
  std::vector<uint32_t> rows;                // Empty: all.
  std::vector<std::vector<uint32_t>> exact;  // Ascending, by query.
};

// The first half of the queries is for finding the least effort that reaches a target, the other
// half for measuring with it.
class Benchmark {
 public:
  Benchmark(Vectors items, Vectors queries, size_t k, size_t threads,
            const std::vector<double>& shares)
      : items_(std::move(items)), queries_(std::move(queries)), k_(k), threads_(threads) {
    WorkerPool workers(threads);
    std::mt19937 random(4);
    for (double share : shares) {
      Filter& filter = filters_.emplace_back(Filter{share, {}, {}});
      ItemFilter passing;
      if (share < 1) {
        std::bernoulli_distribution passes(share);
        for (uint32_t row = 0; row < item_count(); ++row)
          if (passes(random)) filter.rows.push_back(row);
        if (filter.rows.empty()) {
          std::fprintf(stderr, "a filter that keeps %g leaves none of the items\n", share);
          std::exit(1);
        }
        passing = ItemFilter(Roaring(filter.rows.size(), filter.rows.data()));
      }
      for (const auto& found :
           SearchExactly(items_.values, dim(), queries_.values, passing, k, workers)) {
        std::vector<uint32_t>& rows = filter.exact.emplace_back();
        for (const ScoredItem& item : found) rows.push_back(item.item);
        std::sort(rows.begin(), rows.end());
      }
      std::fprintf(stderr, "exact answers for a filter that keeps %g: done\n", share);
    }
  }

  // `targets` without a filter, the target in the middle with one.
  void Add(SearchEngineMaker make, const std::vector<double>& targets) {
    const auto start = Clock::now();
    engines_.push_back(make({items_.values, dim(), TuningQueries(), threads_}));
    SearchEngine& engine = *engines_.back();
    const double seconds = Seconds(start);
    std::fprintf(stderr, "%s: built in %.1f s\n", engine.name().c_str(), seconds);
    for (size_t f = 0; f < filters_.size(); ++f) {
      if (!engine.Restrict(filters_[f].rows)) continue;
      const bool all = filters_[f].rows.empty();
      for (double target : all ? targets : std::vector<double>{targets[targets.size() / 2]}) {
        Run run{&engine, seconds, f, target, 0, 0, {}, {}};
        if (FindEffort(run)) {
          runs_.push_back(run);
        } else {
          std::fprintf(stderr, "%s does not reach %.2f with a filter that keeps %g\n",
                       engine.name().c_str(), target, filters_[f].share);
        }
      }
    }
  }

  void Measure(size_t rounds) {
    const size_t first = query_count() / 2;
    const size_t count = query_count() - first;
    for (size_t round = 0; round < rounds; ++round) {
      for (Run& run : runs_) {
        SearchEngine& engine = *run.engine;
        engine.Restrict(filters_[run.filter].rows);
        engine.SetEffort(run.effort);
        std::vector<uint32_t> rows(k_);
        for (size_t q = first; q < query_count(); ++q) {
          const auto start = Clock::now();
          engine.Search(Query(q), k_, rows.data());
          run.micros.push_back(1e6 * Seconds(start));
        }
        std::atomic<size_t> next = first;
        auto work = [&] {
          std::vector<uint32_t> found(k_);
          for (size_t q; (q = next++) < query_count();) engine.Search(Query(q), k_, found.data());
        };
        const auto start = Clock::now();
        std::vector<std::thread> workers;
        for (size_t i = 1; i < threads_; ++i) workers.emplace_back(work);
        work();
        for (std::thread& worker : workers) worker.join();
        run.queries_per_second.push_back(static_cast<double>(count) / Seconds(start));
      }
      std::fprintf(stderr, "round %zu of %zu: done\n", round + 1, rounds);
    }
  }

  nlohmann::json Report() {
    nlohmann::json results = nlohmann::json::array();
    std::printf("%-14s %6s %6s %7s %9s %9s %9s %8s %8s\n", "engine", "passes", "target", "recall",
                "p50 us", "p99 us", "queries/s", "B/item", "build s");
    for (Run& run : runs_) {
      std::sort(run.micros.begin(), run.micros.end());
      std::sort(run.queries_per_second.begin(), run.queries_per_second.end());
      const double share = filters_[run.filter].share;
      const double p50 = run.micros[run.micros.size() / 2];
      const double p99 = run.micros[run.micros.size() * 99 / 100];
      const double qps = run.queries_per_second[run.queries_per_second.size() / 2];
      std::printf("%-14s %6g %6.2f %7.4f %9.0f %9.0f %9.0f %8.0f %8.1f\n",
                  run.engine->name().c_str(), share, run.target, run.recall, p50, p99, qps,
                  run.engine->bytes_per_item(), run.build_seconds);
      results.push_back({{"engine", run.engine->name()},
                         {"target_recall", run.target},
                         {"recall", run.recall},
                         {"p50_us", p50},
                         {"p99_us", p99},
                         {"qps", qps},
                         {"bytes_per_item", run.engine->bytes_per_item()},
                         {"build_seconds", run.build_seconds},
                         {"filter_share", share}});
    }
    return {{"items", item_count()}, {"dim", dim()}, {"k", k_}, {"results", results}};
  }

 private:
  size_t dim() const { return items_.dim; }
  size_t item_count() const { return items_.values.size() / dim(); }
  size_t query_count() const { return queries_.values.size() / dim(); }
  // Efforts are found with one half of the queries; recall and times are of the other.
  std::span<const float> TuningQueries() const {
    return std::span(queries_.values).first(query_count() / 2 * dim());
  }
  const float* Query(size_t q) const { return queries_.values.data() + q * dim(); }

  // The engine must be restricted already.
  bool FindEffort(Run& run) {
    const std::vector<double> efforts = run.engine->efforts();
    const size_t half = query_count() / 2;
    const auto reached = std::partition_point(efforts.begin(), efforts.end(), [&](double effort) {
      return Recall(run, effort, 0, half) < run.target;
    });
    if (reached == efforts.end()) return false;
    run.effort = *reached;
    run.recall = Recall(run, run.effort, half, query_count());
    return true;
  }

  double Recall(const Run& run, double effort, size_t begin, size_t end) const {
    const Filter& filter = filters_[run.filter];
    run.engine->SetEffort(effort);
    size_t found = 0, wanted = 0;
    for (size_t q = begin; q < end; ++q) {
      std::vector<uint32_t> rows(k_, std::numeric_limits<uint32_t>::max());
      run.engine->Search(Query(q), k_, rows.data());
      for (uint32_t row : rows)
        found += std::binary_search(filter.exact[q].begin(), filter.exact[q].end(), row);
      wanted += filter.exact[q].size();
    }
    return static_cast<double>(found) / static_cast<double>(wanted);
  }

  Vectors items_, queries_;
  size_t k_;
  size_t threads_;
  std::vector<Filter> filters_;
  std::vector<std::unique_ptr<SearchEngine>> engines_;
  std::vector<Run> runs_;
};

template <class T>
T ValueOrDie(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
  std::exit(1);
}

}  // namespace
}  // namespace shortlist

int main(int argc, char** argv) {
  using namespace shortlist;  // NOLINT: a program, not a header.
  size_t items = 1'000'000, dim = 64, k = 500, query_count = 400, rounds = 5;
  size_t threads = std::thread::hardware_concurrency();
  std::string json, items_file, queries_file, models, dataset;
  std::vector<double> shares = {1, 0.9, 0.5, 0.1, 0.01, 0.001};
  const std::vector<std::pair<std::string, SearchEngineMaker>> makers = {
      {"shortlist", MakeShortlist},  {"shortlist_live", MakeLive},       {"hnswlib", MakeHnswlib},
      {"faiss_hnsw", MakeFaissHnsw}, {"faiss_ivf_sq8", MakeFaissIvfSq8}, {"exact", MakeExact}};
  std::vector<std::string> engines;
  for (const auto& [name, make] : makers) engines.push_back(name);
  CommandLine app("Compares the item index with other engines at equal recall.");
  app.Add("--items", items, "Number of items to make").Positive();
  app.Add("--dim", dim, "Their dimension").Within(1, 8192);
  app.Add("--k", k, "Results per query").Positive();
  // One half finds the efforts, the other is measured.
  app.Add("--queries", query_count, "Number of queries to make").Within(2, 1'000'000);
  app.Add("--rounds", rounds, "Turns of every engine").Positive();
  app.Add("--engines", engines, "Which to compare").OneOf(engines);
  CommandOption vectors =
      app.Add("--vectors", items_file, "Items from a .fbin or .npy file instead");
  vectors.Needs(app.Add("--query-vectors", queries_file, "Queries from a file; with --vectors")
                    .Needs(vectors));
  CommandOption model =
      app.Add("--models", models, "Items and users of the model in this folder instead");
  model.Excludes(vectors).Needs(
      app.Add("--dataset", dataset, "What the model was trained on; with --models").Needs(model));
  app.Add("--filters", shares, "Shares of items that filters keep; 1 is no filter")
      .Positive()
      .Within(0.0, 1.0);
  app.Add("--json", json, "Where to write the results").Check(OutputFileProblem);
  if (const std::optional<int> code = app.Parse(argc, argv)) return *code;

  Vectors item_vectors, queries;
  if (!models.empty()) {
    TrainedVectors trained = ValueOrDie(ReadTrainedVectors(models, dataset, query_count));
    item_vectors = std::move(trained.items);
    queries = std::move(trained.users);
  } else if (!items_file.empty()) {
    item_vectors = ValueOrDie(ReadVectors(items_file));
    queries = ValueOrDie(ReadVectors(queries_file));
  } else {
    item_vectors = MakeVectors(items, dim, false, 2);
    queries = MakeVectors(query_count, dim, true, 3);
  }
  if (queries.dim != item_vectors.dim || queries.values.size() < 2 * queries.dim ||
      k > item_vectors.values.size() / item_vectors.dim) {
    std::fprintf(stderr,
                 "queries and items differ in dimension, or there are fewer items than k or fewer "
                 "than two queries\n");
    return 1;
  }
  Benchmark benchmark(std::move(item_vectors), std::move(queries), k, threads, shares);
  for (const auto& [name, make] : makers) {
    if (std::find(engines.begin(), engines.end(), name) != engines.end())
      benchmark.Add(
          make, name == "exact" ? std::vector<double>{1.0} : std::vector<double>{0.95, 0.98, 0.99});
  }
  benchmark.Measure(rounds);
  const nlohmann::json report = benchmark.Report();
  if (json.empty()) return 0;
  const absl::Status written = WriteFileAtomically(json, report.dump(2) + "\n");
  if (!written.ok()) std::fprintf(stderr, "%s\n", std::string(written.message()).c_str());
  return written.ok() ? 0 : 1;
}
