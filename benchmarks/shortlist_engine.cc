#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include <unistd.h>

#include "benchmarks/search_engine.h"
#include "retrieval/index/item_index.h"
#include "retrieval/index/item_index_builder.h"
#include "retrieval/index/live_item_index.h"

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

ItemIndexOptions OptionsFor(const EngineInput& input) {
  ItemIndexOptions options;
  options.queries = input.queries;
  options.threads = input.threads;
  options.show_progress = true;
  return options;
}

// `exact`: every item is scored, and the answer is that of exact search.
class ShortlistEngine : public SearchEngine {
 public:
  ShortlistEngine(const EngineInput& input, bool exact) : dim_(input.dim), exact_(exact) {
    const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                       ("benchmark." + std::to_string(::getpid()) + ".index");
    Check(BuildItemIndex(input.items, dim_, OptionsFor(input), path));
    bytes_ = static_cast<double>(std::filesystem::file_size(path));
    auto index = ItemIndex::Load(path, input.items, dim_);
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
  explicit LiveEngine(const EngineInput& input)
      : dim_(input.dim),
        folder_(std::filesystem::temp_directory_path() /
                ("benchmark." + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    const size_t count = input.items.size() / dim_, added = std::min<size_t>(10'000, count / 10);
    auto index = LiveItemIndex::Create(folder_, input.items.first((count - added) * dim_), dim_,
                                       OptionsFor(input));
    Check(index.status());
    index_ = *std::move(index);
    std::vector<ItemChange> additions;
    for (size_t row = count - added; row < count; ++row) {
      const auto vector = input.items.subspan(row * dim_, dim_);
      additions.push_back({static_cast<ItemRow>(row), {vector.begin(), vector.end()}});
    }
    Check(index_->Apply(additions));
  }
  ~LiveEngine() override {
    index_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string name() const override { return "shortlist_live"; }
  std::vector<double> efforts() const override { return Breadths(); }
  void SetEffort(double effort) override { breadth_ = static_cast<float>(effort); }
  void Search(const float* query, size_t k, uint32_t* rows) const override {
    static thread_local std::vector<ScoredItem> results;
    results.resize(k);
    const size_t found = index_->view()->Search({query, dim_}, ItemFilter(), breadth_, results);
    for (size_t i = 0; i < found; ++i) rows[i] = results[i].item;
  }
  bool Maintain() override {
    Check(index_->Merge());
    return true;
  }
  double bytes_per_item() const override { return 0; }

 private:
  size_t dim_;
  std::filesystem::path folder_;
  float breadth_ = 0;
  std::unique_ptr<LiveItemIndex> index_;
};

}  // namespace

std::unique_ptr<SearchEngine> MakeLive(const EngineInput& input) {
  return std::make_unique<LiveEngine>(input);
}

std::unique_ptr<SearchEngine> MakeShortlist(const EngineInput& input) {
  return std::make_unique<ShortlistEngine>(input, false);
}

std::unique_ptr<SearchEngine> MakeExact(const EngineInput& input) {
  return std::make_unique<ShortlistEngine>(input, true);
}

}  // namespace shortlist
