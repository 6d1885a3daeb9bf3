// What the benchmark of the item index compares: ways to find the nearest items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace shortlist {

class SearchEngine {
 public:
  virtual ~SearchEngine() = default;
  virtual std::string name() const = 0;
  // Values of the number that trades time for recall, ascending; one that does not matter where
  // there is none.
  virtual std::vector<double> efforts() const = 0;
  virtual void SetEffort(double effort) = 0;
  // From now on only these rows are to be found, ascending; empty: all. False: it cannot.
  virtual bool Restrict(std::span<const uint32_t> rows) { return rows.empty(); }
  // Finds k rows by inner product. Thread-safe.
  virtual void Search(const float* query, size_t k, uint32_t* rows) const = 0;
  // What is kept in memory; for engines that do not say, what it must be at least.
  virtual double bytes_per_item() const = 0;
};

// What an engine is built from.
struct EngineInput {
  std::span<const float> items;  // Rows of `dim` floats.
  size_t dim = 0;
  // Like those that are measured, for engines that tune themselves.
  std::span<const float> queries;
  size_t threads = 1;
};

using SearchEngineMaker = std::unique_ptr<SearchEngine> (*)(const EngineInput&);
std::unique_ptr<SearchEngine> MakeShortlist(const EngineInput& input);
std::unique_ptr<SearchEngine> MakeLive(const EngineInput& input);
std::unique_ptr<SearchEngine> MakeExact(const EngineInput& input);
std::unique_ptr<SearchEngine> MakeHnswlib(const EngineInput& input);
std::unique_ptr<SearchEngine> MakeFaissHnsw(const EngineInput& input);
std::unique_ptr<SearchEngine> MakeFaissIvfSq8(const EngineInput& input);

}  // namespace shortlist
