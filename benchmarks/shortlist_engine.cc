#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "benchmarks/search_engine.h"
#include "retrieval/exact_search.h"
#include "retrieval/item_index.h"
#include "retrieval/item_index_builder.h"

namespace shortlist {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

class ShortlistEngine : public SearchEngine {
 public:
  ShortlistEngine(std::span<const float> items, size_t dim, size_t threads) : dim_(dim) {
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
  std::string name() const override { return "shortlist"; }
  std::vector<double> efforts() const override {
    std::vector<double> efforts;
    for (double breadth = 1; breadth <= 12; breadth += 0.125) efforts.push_back(breadth);
    return efforts;
  }
  void Search(const float* query, size_t k, double effort, uint32_t* rows) const override {
    static thread_local std::vector<ScoredItem> results;
    results.resize(k);
    index_->Search({query, dim_}, ItemFilter(), static_cast<float>(effort), results);
    for (size_t i = 0; i < k; ++i) rows[i] = results[i].item;
  }
  // The float vectors, of which a search reads few, stay in their file.
  double bytes_per_item() const override { return bytes_ / index_->item_count(); }

 private:
  size_t dim_;
  double bytes_ = 0;
  std::unique_ptr<ItemIndex> index_;
};

class ExactEngine : public SearchEngine {
 public:
  ExactEngine(std::span<const float> items, size_t dim) : items_(items), dim_(dim) {}
  std::string name() const override { return "exact"; }
  std::vector<double> efforts() const override { return {0}; }
  void Search(const float* query, size_t k, double, uint32_t* rows) const override {
    for (const ScoredItem& item : SearchExactly(items_, dim_, {query, dim_}, {}, k))
      *rows++ = item.item;
  }
  double bytes_per_item() const override { return static_cast<double>(dim_ * sizeof(float)); }

 private:
  std::span<const float> items_;
  size_t dim_;
};

}  // namespace

std::unique_ptr<SearchEngine> MakeShortlist(std::span<const float> items, size_t dim,
                                            size_t threads) {
  return std::make_unique<ShortlistEngine>(items, dim, threads);
}

std::unique_ptr<SearchEngine> MakeExact(std::span<const float> items, size_t dim, size_t) {
  return std::make_unique<ExactEngine>(items, dim);
}

}  // namespace shortlist
