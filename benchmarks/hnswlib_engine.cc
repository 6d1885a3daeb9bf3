#include <algorithm>
#include <atomic>
#include <thread>

#include "benchmarks/search_engine.h"
#include "hnswlib/hnswlib.h"

namespace shortlist {
namespace {

constexpr size_t kLinks = 16;
constexpr size_t kBuildBreadth = 200;

class HnswlibEngine : public SearchEngine {
 public:
  HnswlibEngine(std::span<const float> items, size_t dim, size_t threads)
      : space_(dim), index_(&space_, items.size() / dim, kLinks, kBuildBreadth), dim_(dim) {
    index_.addPoint(items.data(), 0);
    std::atomic<size_t> next = 1;
    auto insert = [&] {
      for (size_t row; (row = next++) < items.size() / dim;)
        index_.addPoint(items.data() + row * dim, row);
    };
    std::vector<std::thread> workers;
    for (size_t i = 1; i < threads; ++i) workers.emplace_back(insert);
    insert();
    for (std::thread& worker : workers) worker.join();
  }

  std::string name() const override { return "hnswlib"; }
  std::vector<double> efforts() const override {
    return {100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1500, 2000, 3000, 5000};
  }
  void SetEffort(double effort) override { index_.setEf(static_cast<size_t>(effort)); }
  void Search(const float* query, size_t k, uint32_t* rows) const override {
    auto nearest = index_.searchKnn(query, k);
    for (; !nearest.empty(); nearest.pop()) *rows++ = static_cast<uint32_t>(nearest.top().second);
  }
  double bytes_per_item() const override {
    return static_cast<double>(dim_ * sizeof(float) + (2 * kLinks + 1) * sizeof(int) +
                               sizeof(size_t)) +
           24;  // Upper layers, locks, pointers.
  }

 private:
  hnswlib::InnerProductSpace space_;
  hnswlib::HierarchicalNSW<float> index_;
  size_t dim_;
};

}  // namespace

std::unique_ptr<SearchEngine> MakeHnswlib(const EngineInput& input) {
  return std::make_unique<HnswlibEngine>(input.items, input.dim, input.threads);
}

}  // namespace shortlist
