#include "retrieval/item_index_builder.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "common/array_file.h"
#include "common/parallel.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "retrieval/clustering.h"
#include "retrieval/exact_search.h"
#include "retrieval/int8_codes.h"
#include "retrieval/int8_kernels.h"
#include "retrieval/item_index.h"
#include "retrieval/item_index_file.h"

namespace shortlist {
namespace {

constexpr size_t kMaxDim = 8192;  // The kernels' sums fit into 32 bits.
constexpr size_t kMeasuredQueries = 200;
// Breadths tried are multiples of kBreadthStep up to kMaxBreadth, beyond which nothing is gained.
constexpr float kBreadthStep = 0.125F;
constexpr int kMaxBreadthSteps = 128;

// Centres cost as much time as items do: their number grows with the root.
size_t ListsFor(size_t items) {
  const auto lists = static_cast<size_t>(4 * std::sqrt(static_cast<double>(items)));
  return std::clamp<size_t>(lists, 1, std::max<size_t>(1, items / 64));
}

// The arrays of the file.
struct Arrays {
  std::vector<uint32_t> shape;
  std::vector<float> scales;
  std::vector<uint32_t> list_begins;
  std::vector<uint8_t> centre_codes;
  std::vector<float> spreads;
  std::vector<uint8_t> codes;
  std::vector<uint32_t> rows, positions;
  uint64_t embeddings_hash = 0;

  absl::Status Write(const std::filesystem::path& path) const {
    using namespace item_index_file;  // NOLINT: the names of the arrays.
    ArrayFileWriter writer;
    ArrayHash hash;
    auto add = [&]<class T>(const char* name, const std::vector<T>& values) {
      writer.Add<T>(name, values);
      hash.Add<T>(values);
    };
    add(kShape, shape);
    add(kScales, scales);
    add(kListBegins, list_begins);
    add(kCentreCodes, centre_codes);
    add(kSpreads, spreads);
    add(kCodes, codes);
    add(kRows, rows);
    add(kPositions, positions);
    writer.AddOwned<uint64_t>(kHashes, {embeddings_hash, hash.Digest()});
    return writer.Write(path);
  }
};

Arrays MakeArrays(std::span<const float> embeddings, size_t dim, size_t lists,
                  std::span<const uint32_t> list_of, WorkerPool& workers) {
  const size_t items = embeddings.size() / dim;
  const size_t stride = CodeStride(dim);
  Arrays arrays;
  arrays.shape = {item_index_file::kFormat, static_cast<uint32_t>(items),
                  static_cast<uint32_t>(dim), static_cast<uint32_t>(lists)};
  arrays.embeddings_hash = item_index_file::HashOfEmbeddings(embeddings, dim);

  arrays.list_begins.assign(lists + 1, 0);
  for (uint32_t list : list_of) ++arrays.list_begins[list + 1];
  std::partial_sum(arrays.list_begins.begin(), arrays.list_begins.end(),
                   arrays.list_begins.begin());
  arrays.rows.resize(items);
  arrays.positions.resize(items);
  std::vector<uint32_t> next(arrays.list_begins.begin(), arrays.list_begins.end() - 1);
  for (uint32_t row = 0; row < items; ++row) {
    arrays.positions[row] = next[list_of[row]]++;
    arrays.rows[arrays.positions[row]] = row;
  }

  auto vector = [&](uint32_t position) {
    return embeddings.subspan(arrays.rows[position] * dim, dim);
  };
  std::vector<float> centres(lists * dim, 0.0F);
  arrays.spreads.assign(lists, 0.0F);
  workers.ForEachRange(lists, [&](size_t, size_t first, size_t last) {
    for (size_t l = first; l < last; ++l) {
      const uint32_t begin = arrays.list_begins[l], end = arrays.list_begins[l + 1];
      if (begin == end) continue;
      std::vector<double> sum(dim, 0.0);
      for (uint32_t position = begin; position < end; ++position)
        for (size_t d = 0; d < dim; ++d) sum[d] += vector(position)[d];
      const std::span<float> centre = std::span(centres).subspan(l * dim, dim);
      for (size_t d = 0; d < dim; ++d) centre[d] = static_cast<float>(sum[d] / (end - begin));
      double squares = 0;
      for (uint32_t position = begin; position < end; ++position)
        for (size_t d = 0; d < dim; ++d) {
          const double difference = vector(position)[d] - centre[d];
          squares += difference * difference;
        }
      arrays.spreads[l] =
          static_cast<float>(std::sqrt(squares / static_cast<double>((end - begin) * dim)));
    }
  });

  const float item_scale = CodeScale(embeddings), centre_scale = CodeScale(centres);
  arrays.centre_codes.resize(lists * stride);
  for (size_t l = 0; l < lists; ++l)
    EncodeItem(std::span(centres).subspan(l * dim, dim), centre_scale,
               arrays.centre_codes.data() + l * stride);
  arrays.codes.resize(items * stride);
  std::vector<double> largest_squares(workers.threads(), 0.0);
  workers.ForEachRange(items, [&](size_t thread, size_t first, size_t last) {
    for (size_t position = first; position < last; ++position) {
      uint8_t* code = arrays.codes.data() + position * stride;
      EncodeItem(vector(static_cast<uint32_t>(position)), item_scale, code);
      double squares = 0;
      for (size_t d = 0; d < dim; ++d) squares += (code[d] - 128) * (code[d] - 128);
      largest_squares[thread] = std::max(largest_squares[thread], squares);
    }
  });
  const double largest = *std::max_element(largest_squares.begin(), largest_squares.end());
  arrays.scales = {item_scale, centre_scale, static_cast<float>(std::sqrt(largest)), 0.0F};
  return arrays;
}

// The least breadth at which the target is reached.
float MeasureBreadth(const ItemIndex& index, std::span<const float> embeddings, size_t dim,
                     const ItemIndexOptions& options, WorkerPool& workers) {
  const size_t items = embeddings.size() / dim;
  const size_t k = std::min(options.candidate_count, items);
  const std::span<const float> source = options.queries.empty() ? embeddings : options.queries;
  const size_t available = source.size() / dim;
  const size_t queries = std::min(kMeasuredQueries, available);
  if (queries == 0 || k == 0) return 0;
  auto query = [&](size_t q) { return source.subspan(q * (available / queries) * dim, dim); };

  std::vector<std::vector<ItemRow>> expected(queries);
  workers.ForEach(queries, [&](size_t q) {
    for (const ScoredItem& item : SearchExactly(embeddings, dim, query(q), {}, k))
      expected[q].push_back(item.item);
    std::sort(expected[q].begin(), expected[q].end());
  });
  auto recall = [&](float breadth) {
    std::atomic<size_t> found = 0;
    workers.ForEach(queries, [&](size_t q) {
      std::vector<ScoredItem> results(k);
      index.Search(query(q), {}, breadth, results);
      for (const ScoredItem& item : results)
        found += std::binary_search(expected[q].begin(), expected[q].end(), item.item);
    });
    return static_cast<double>(found) / static_cast<double>(queries * k);
  };
  int low = 0, high = kMaxBreadthSteps;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (recall(kBreadthStep * static_cast<float>(middle)) >= options.target_recall) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return kBreadthStep * static_cast<float>(low);
}

}  // namespace

absl::Status BuildItemIndex(std::span<const float> embeddings, size_t dim,
                            const ItemIndexOptions& options, const std::filesystem::path& path) {
  if (dim == 0 || dim > kMaxDim || embeddings.size() % dim != 0)
    return absl::InvalidArgumentError("the embeddings are not a matrix of 1 to 8192 columns");
  if (options.queries.size() % dim != 0)
    return absl::InvalidArgumentError("the queries are not a matrix like the embeddings");
  auto finite = [](float x) { return std::isfinite(x); };
  if (!std::all_of(embeddings.begin(), embeddings.end(), finite) ||
      !std::all_of(options.queries.begin(), options.queries.end(), finite))
    return absl::InvalidArgumentError("an embedding or a query is not finite");
  const size_t items = embeddings.size() / dim;
  if (items >= kNoItem) return absl::InvalidArgumentError("there are too many items");

  WorkerPool workers(options.threads);
  size_t lists = options.lists == 0 ? ListsFor(items) : std::min(options.lists, items);
  lists = std::max<size_t>(lists, 1);
  std::vector<uint32_t> list_of(items, 0);
  if (lists > 1) {
    std::optional<Progress> progress;
    list_of = ClusterVectors(embeddings, dim, lists, options.seed, workers,
                             [&](size_t done, size_t total) {
                               if (!options.show_progress) return;
                               if (!progress) progress.emplace("cluster the items", total, "items");
                               done == total ? progress->Finish() : progress->Update(done);
                             });
  }
  Arrays arrays = MakeArrays(embeddings, dim, lists, list_of, workers);
  RETURN_IF_ERROR(arrays.Write(path));
  {
    ASSIGN_OR_RETURN(std::unique_ptr<ItemIndex> index, ItemIndex::Load(path, embeddings, dim));
    arrays.scales[3] = MeasureBreadth(*index, embeddings, dim, options, workers);
  }
  return arrays.Write(path);
}

}  // namespace shortlist
