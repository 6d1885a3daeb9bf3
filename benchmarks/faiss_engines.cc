#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVF.h>
#include <faiss/IndexScalarQuantizer.h>
#include <faiss/impl/IDSelector.h>
#include <omp.h>

#include <cmath>

#include "benchmarks/search_engine.h"

namespace shortlist {
namespace {

// faiss starts threads of its own inside a search; here one search is one thread.
void SearchOneThread(const faiss::Index& index, const float* query, size_t k,
                     const faiss::SearchParameters& parameters, uint32_t* rows) {
  static thread_local std::vector<float> scores;
  static thread_local std::vector<faiss::Index::idx_t> labels;
  omp_set_num_threads(1);
  scores.resize(k);
  labels.resize(k);
  index.search(1, query, static_cast<faiss::Index::idx_t>(k), scores.data(), labels.data(),
               &parameters);
  for (size_t i = 0; i < k; ++i) rows[i] = static_cast<uint32_t>(labels[i]);
}

// By Euclidean distance, which ranks vectors of equal length as the inner product does: with the
// inner product, this version's graph does not get beyond a recall of 0.95.
class FaissHnsw : public SearchEngine {
 public:
  FaissHnsw(std::span<const float> items, size_t dim, size_t threads)
      : index_(static_cast<int>(dim), 16, faiss::METRIC_L2), dim_(dim) {
    omp_set_num_threads(static_cast<int>(threads));
    index_.hnsw.efConstruction = 200;
    index_.add(static_cast<faiss::Index::idx_t>(items.size() / dim), items.data());
  }
  std::string name() const override { return "faiss_hnsw"; }
  std::vector<double> efforts() const override {
    return {100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1500, 2000, 3000, 5000};
  }
  void SetEffort(double effort) override { effort_ = static_cast<int>(effort); }
  void Search(const float* query, size_t k, uint32_t* rows) const override {
    faiss::SearchParametersHNSW parameters;
    parameters.efSearch = effort_;
    SearchOneThread(index_, query, k, parameters, rows);
  }
  double bytes_per_item() const override {
    return static_cast<double>(dim_ * sizeof(float) + 32 * sizeof(int)) + 20;
  }

 private:
  faiss::IndexHNSWFlat index_;
  size_t dim_;
  int effort_ = 0;
};

class FaissIvfSq8 : public SearchEngine {
 public:
  FaissIvfSq8(std::span<const float> items, size_t dim, size_t threads)
      : centres_(static_cast<faiss::Index::idx_t>(dim)),
        index_(&centres_, dim, Lists(items.size() / dim), faiss::ScalarQuantizer::QT_8bit,
               faiss::METRIC_INNER_PRODUCT),
        dim_(dim) {
    omp_set_num_threads(static_cast<int>(threads));
    index_.train(static_cast<faiss::Index::idx_t>(items.size() / dim), items.data());
    index_.add(static_cast<faiss::Index::idx_t>(items.size() / dim), items.data());
  }
  std::string name() const override { return "faiss_ivf_sq8"; }
  std::vector<double> efforts() const override {
    return {4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 160, 192, 256, 384, 512, 768, 1024, 4096};
  }
  void SetEffort(double effort) override { effort_ = static_cast<size_t>(effort); }
  bool Restrict(std::span<const uint32_t> rows) override {
    passing_.reset();
    if (rows.empty()) return true;
    bits_.assign(static_cast<size_t>(index_.ntotal) / 8 + 1, 0);
    for (uint32_t row : rows) bits_[row / 8] |= static_cast<uint8_t>(1 << row % 8);
    passing_ = std::make_unique<faiss::IDSelectorBitmap>(bits_.size(), bits_.data());
    return true;
  }
  void Search(const float* query, size_t k, uint32_t* rows) const override {
    faiss::SearchParametersIVF parameters;
    parameters.nprobe = effort_;
    parameters.sel = passing_.get();
    SearchOneThread(index_, query, k, parameters, rows);
  }
  double bytes_per_item() const override { return static_cast<double>(dim_) + 8; }

 private:
  static size_t Lists(size_t items) {
    return static_cast<size_t>(4 * std::sqrt(static_cast<double>(items)));
  }
  faiss::IndexFlatIP centres_;
  faiss::IndexIVFScalarQuantizer index_;
  size_t dim_;
  size_t effort_ = 0;
  std::vector<uint8_t> bits_;
  std::unique_ptr<faiss::IDSelector> passing_;
};

}  // namespace

std::unique_ptr<SearchEngine> MakeFaissHnsw(const EngineInput& input) {
  return std::make_unique<FaissHnsw>(input.items, input.dim, input.threads);
}

std::unique_ptr<SearchEngine> MakeFaissIvfSq8(const EngineInput& input) {
  return std::make_unique<FaissIvfSq8>(input.items, input.dim, input.threads);
}

}  // namespace shortlist
