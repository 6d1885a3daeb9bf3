#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include <unistd.h>

#include "benchmarks/search_engine.h"
#include "retrieval/item_index.h"
#include "retrieval/item_index_builder.h"
#include "retrieval/live_item_index.h"

namespace shortlist {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

std::vector<double> Breadths() {
  std::vector<double> breadths;
  for (double breadth = 1; breadth <= 12; breadth += 0.125) breadths.push_back(breadth);
  return breadths;
}

// `exact`: every item is scored, and the answer is that of exact search.
class ShortlistEngine : public SearchEngine {
 public:
  ShortlistEngine(std::span<const float> items, size_t dim, size_t threads, bool exact)
      : dim_(dim), exact_(exact) {
    const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                       ("benchmark." + std::to_string(::getpid()) + ".index");
    ItemIndexOptions options;
    options.threads = threads;
    Check(BuildItemIndex(items, dim, options, path));
    bytes_ = static_cast<double>(std::filesystem::file_size(path));
    auto index = ItemIndex::Load(path, items, dim);
    std::filesystem::remove(path);  // Stays mapped.
    Check(index.status());
    index_ = *std::move(index);
  }
  std::string name() const override { return exact_ ? "exact" : "shortlist"; }
  std::vector<double> efforts() const override {
    if (exact_) return {std::numeric_limits<double>::infinity()};
    return Breadths();
  }
  void SetEffort(double effort) override { breadth_ = static_cast<float>(effort); }
  bool Restrict(std::span<const uint32_t> rows) override {
    filter_ = ItemFilter();
    if (rows.empty()) return true;
    Roaring positions;
    for (uint32_t row : rows) positions.add(index_->order().positions[row]);
    positions.runOptimize();
    filter_ = ItemFilter(std::move(positions), &index_->order());
    return true;
  }
  void Search(const float* query, size_t k, uint32_t* rows) const override {
    static thread_local std::vector<ScoredItem> results;
    results.resize(k);
    const size_t found = index_->Search({query, dim_}, filter_, {.breadth = breadth_}, results);
    for (size_t i = 0; i < found; ++i) rows[i] = results[i].item;
  }
  // The float vectors, of which a search reads few, stay in their file.
  double bytes_per_item() const override { return bytes_ / index_->item_count(); }

 private:
  size_t dim_;
  bool exact_;
  double bytes_ = 0;
  float breadth_ = 0;
  ItemFilter filter_;
  std::unique_ptr<ItemIndex> index_;
};

// With the last 10,000 items, or a tenth of all, added after the index was built.
class LiveEngine : public SearchEngine {
 public:
  LiveEngine(std::span<const float> items, size_t dim, size_t threads)
      : dim_(dim),
        folder_(std::filesystem::temp_directory_path() /
                ("benchmark." + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    const size_t count = items.size() / dim, added = std::min<size_t>(10'000, count / 10);
    ItemIndexOptions options;
    options.threads = threads;
    auto index = LiveItemIndex::Create(folder_, items.first((count - added) * dim), dim, options);
    Check(index.status());
    index_ = *std::move(index);
    std::vector<ItemChange> additions;
    for (size_t row = count - added; row < count; ++row) {
      const auto vector = items.subspan(row * dim, dim);
      additions.push_back({static_cast<ItemRow>(row), {vector.begin(), vector.end()}});
    }
    Check(index_->Apply(additions));
    view_ = index_->view();
  }
  ~LiveEngine() override {
    view_.reset();
    index_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string name() const override { return "shortlist_live"; }
  std::vector<double> efforts() const override { return Breadths(); }
  void SetEffort(double effort) override { breadth_ = static_cast<float>(effort); }
  void Search(const float* query, size_t k, uint32_t* rows) const override {
    static thread_local std::vector<ScoredItem> results;
    results.resize(k);
    const size_t found = view_->Search({query, dim_}, ItemFilter(), breadth_, results);
    for (size_t i = 0; i < found; ++i) rows[i] = results[i].item;
  }
  double bytes_per_item() const override { return 0; }

 private:
  size_t dim_;
  std::filesystem::path folder_;
  float breadth_ = 0;
  std::unique_ptr<LiveItemIndex> index_;
  std::shared_ptr<const LiveItemIndex::View> view_;
};

}  // namespace

std::unique_ptr<SearchEngine> MakeLive(std::span<const float> items, size_t dim, size_t threads) {
  return std::make_unique<LiveEngine>(items, dim, threads);
}

std::unique_ptr<SearchEngine> MakeShortlist(std::span<const float> items, size_t dim,
                                            size_t threads) {
  return std::make_unique<ShortlistEngine>(items, dim, threads, false);
}

std::unique_ptr<SearchEngine> MakeExact(std::span<const float> items, size_t dim, size_t threads) {
  return std::make_unique<ShortlistEngine>(items, dim, threads, true);
}

}  // namespace shortlist
