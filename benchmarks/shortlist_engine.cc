#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include <unistd.h>

#include "benchmarks/search_engine.h"
#include "retrieval/index/item_index.h"
#include "retrieval/index/item_index_builder.h"

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

// Builds an index of these items; it is loaded and its file gone.
std::unique_ptr<ItemIndex> BuildAndLoad(const EngineInput& input, std::span<const float> items,
                                        double& bytes) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("benchmark." + std::to_string(::getpid()) + ".index");
  Check(BuildItemIndex(items, input.dim, OptionsFor(input), path));
  bytes = static_cast<double>(std::filesystem::file_size(path));
  auto index = ItemIndex::Load(path, items, input.dim);
  std::filesystem::remove(path);  // Stays mapped.
  Check(index.status());
  return *std::move(index);
}

class ShortlistEngine : public SearchEngine {
 public:
  enum Kind {
    kLists,
    kExact,  // Every item is scored, and the answer is that of exact search.
    kLive,   // The last 10,000 items, or a tenth of all, were added after the index was built.
  };
  ShortlistEngine(const EngineInput& input, Kind kind) : dim_(input.dim), kind_(kind) {
    const size_t count = input.items.size() / dim_;
    const size_t added = kind == kLive ? std::min<size_t>(10'000, count / 10) : 0;
    index_ = BuildAndLoad(input, input.items.first((count - added) * dim_), bytes_);
    if (added > 0) index_ = index_->WithChanges(input.items, nullptr);
  }
  std::string name() const override {
    return kind_ == kExact ? "exact" : kind_ == kLive ? "shortlist_live" : "shortlist";
  }
  std::vector<double> efforts() const override {
    if (kind_ == kExact) return {std::numeric_limits<double>::infinity()};
    return Breadths();
  }
  void SetEffort(double effort) override { breadth_ = static_cast<float>(effort); }
  bool Restrict(std::span<const uint32_t> rows) override {
    if (kind_ == kLive && !rows.empty()) return false;
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
  Kind kind_;
  double bytes_ = 0;
  float breadth_ = 0;
  ItemFilter filter_;
  std::unique_ptr<ItemIndex> index_;
};

}  // namespace

std::unique_ptr<SearchEngine> MakeLive(const EngineInput& input) {
  return std::make_unique<ShortlistEngine>(input, ShortlistEngine::kLive);
}

std::unique_ptr<SearchEngine> MakeShortlist(const EngineInput& input) {
  return std::make_unique<ShortlistEngine>(input, ShortlistEngine::kLists);
}

std::unique_ptr<SearchEngine> MakeExact(const EngineInput& input) {
  return std::make_unique<ShortlistEngine>(input, ShortlistEngine::kExact);
}

}  // namespace shortlist
