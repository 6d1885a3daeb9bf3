#include "retrieval/index/item_index_builder.h"

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
#include "retrieval/index/clustering.h"
#include "retrieval/index/code_kernels.h"
#include "retrieval/index/exact_search.h"
#include "retrieval/index/item_codes.h"
#include "retrieval/index/item_index.h"
#include "retrieval/index/item_index_file.h"

namespace shortlist {
namespace {

constexpr size_t kMeasuredQueries = 200;
// Breadths tried are multiples of kBreadthStep; at the largest, nearly every list is scanned.
constexpr float kBreadthStep = 0.125F;
constexpr int kMaxBreadthSteps = 128;
constexpr float kPools[] = {1.5F, 2, 3, 4, 6, 8, 12, 16};
// Of what may be missed, how much the pool may lose; for that, fewer queries will do.
constexpr double kShareOfPool = 0.25;
constexpr size_t kQueriesForPool = 50;

// Centres cost as much time as items do: their number grows with the root.
size_t ListsFor(size_t items) {
  const auto lists = static_cast<size_t>(4 * std::sqrt(static_cast<double>(items)));
  return std::clamp<size_t>(lists, 1, std::max<size_t>(1, items / 64));
}

using item_index_file::ArrayView;
using Arrays = item_index_file::Arrays<item_index_file::OwnedArray>;

item_index_file::Arrays<ArrayView> ViewsOf(const Arrays& arrays) {
  item_index_file::Arrays<ArrayView> views;
  auto assign = [](const char*, size_t, const auto& array, auto& view) {
    view = array;
    return absl::OkStatus();
  };
  item_index_file::VisitArrays(assign, arrays, views).IgnoreError();  // It cannot fail.
  return views;
}

absl::Status Write(const Arrays& arrays, uint64_t embeddings_hash,
                   const std::filesystem::path& path) {
  ArrayFileWriter writer;
  item_index_file::ArrayHash hash;
  auto add = [&]<class T>(const char* name, size_t, const std::vector<T>& array) {
    writer.Add<T>(name, array);
    hash.Add<T>(array);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(item_index_file::VisitArrays(add, arrays));
  writer.AddOwned<uint64_t>(item_index_file::kHashes, {embeddings_hash, hash.Digest()});
  return writer.Write(path);
}

// The items list by list, and the centres.
Arrays MakeLists(std::span<const float> embeddings, size_t dim, size_t lists,
                 std::span<const uint32_t> list_of, WorkerPool& workers) {
  const size_t items = embeddings.size() / dim;
  Arrays arrays;
  arrays.shape = {item_index_file::kFormat, static_cast<uint32_t>(items),
                  static_cast<uint32_t>(dim), static_cast<uint32_t>(lists)};

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

  std::vector<float> centres(lists * dim, 0.0F);
  workers.ForEachRange(lists, [&](size_t, size_t first, size_t last) {
    for (size_t l = first; l < last; ++l) {
      const uint32_t begin = arrays.list_begins[l], end = arrays.list_begins[l + 1];
      std::vector<double> sum(dim, 0.0);
      for (uint32_t position = begin; position < end; ++position)
        for (size_t d = 0; d < dim; ++d) sum[d] += embeddings[arrays.rows[position] * dim + d];
      for (size_t d = 0; d < dim && begin < end; ++d)
        centres[l * dim + d] = static_cast<float>(sum[d] / (end - begin));
    }
  });
  const float scale = CodeScale(centres);
  arrays.settings = {scale, 0.0F, 0.0F, kPools[0]};
  arrays.centre_codes.resize(lists * ByteStride(dim));
  for (size_t l = 0; l < lists; ++l)
    EncodeBytes(std::span(centres).subspan(l * dim, dim), scale,
                arrays.centre_codes.data() + l * ByteStride(dim));
  return arrays;
}

// Codes the differences of a list's items from its centre, as that was coded. Returns the largest
// length of an item.
double EncodeList(std::span<const float> embeddings, size_t dim, size_t list, Arrays& arrays) {
  const uint32_t begin = arrays.list_begins[list], end = arrays.list_begins[list + 1];
  const size_t stride = NibbleStride(dim);
  std::vector<float> differences((end - begin) * dim);
  double largest_square = 0, spread_squares = 0;
  for (uint32_t position = begin; position < end; ++position) {
    double square = 0;
    for (size_t d = 0; d < dim; ++d) {
      const float x = embeddings[arrays.rows[position] * dim + d];
      const float centre =
          DecodeByte(arrays.centre_codes.data() + list * ByteStride(dim), arrays.settings[0], d);
      differences[(position - begin) * dim + d] = x - centre;
      square += static_cast<double>(x) * x;
      spread_squares += static_cast<double>(x - centre) * (x - centre);
    }
    largest_square = std::max(largest_square, square);
  }
  const float scale = CodeScale(differences);
  NibbleErrors largest_errors;
  for (uint32_t position = begin; position < end; ++position) {
    const NibbleErrors errors =
        EncodeNibbles(std::span(differences).subspan((position - begin) * dim, dim), scale,
                      arrays.first_halves.data() + position * stride,
                      arrays.second_halves.data() + position * stride);
    largest_errors.first = std::max(largest_errors.first, errors.first);
    largest_errors.whole = std::max(largest_errors.whole, errors.whole);
  }
  const double components = std::max<double>(1, static_cast<double>(differences.size()));
  arrays.spreads[list] = static_cast<float>(std::sqrt(spread_squares / components));
  arrays.steps[list] = 1 / scale;
  arrays.first_errors[list] = largest_errors.first;
  arrays.errors[list] = largest_errors.whole;
  return std::sqrt(largest_square);
}

Arrays MakeArrays(std::span<const float> embeddings, size_t dim, size_t lists,
                  std::span<const uint32_t> list_of, WorkerPool& workers) {
  Arrays arrays = MakeLists(embeddings, dim, lists, list_of, workers);
  arrays.spreads.resize(lists);
  arrays.steps.resize(lists);
  arrays.first_errors.resize(lists);
  arrays.errors.resize(lists);
  arrays.first_halves.resize(arrays.rows.size() * NibbleStride(dim));
  arrays.second_halves.resize(arrays.first_halves.size());
  std::vector<double> largest_lengths(lists);
  workers.ForEachRange(lists, [&](size_t, size_t first, size_t last) {
    for (size_t list = first; list < last; ++list)
      largest_lengths[list] = EncodeList(embeddings, dim, list, arrays);
  });
  arrays.settings[1] =
      static_cast<float>(*std::max_element(largest_lengths.begin(), largest_lengths.end()));
  return arrays;
}

// At most kMeasuredQueries rows, spread over all of them. Zeros, as deleted items leave them
// behind, say nothing: every answer to them is the best.
std::vector<float> ChooseQueries(std::span<const float> rows, size_t dim) {
  const size_t count = rows.size() / dim, stride = std::max<size_t>(1, count / kMeasuredQueries);
  std::vector<float> chosen;
  for (size_t first = 0; first < stride; ++first) {
    for (size_t row = first; row < count; row += stride) {
      if (chosen.size() == kMeasuredQueries * dim) return chosen;
      const std::span<const float> query = rows.subspan(row * dim, dim);
      if (std::all_of(query.begin(), query.end(), [](float x) { return x == 0; })) continue;
      chosen.insert(chosen.end(), query.begin(), query.end());
    }
  }
  return chosen;
}

struct Effort {
  float breadth = 0, pool = kPools[0];
};

// The least pool, and with it the least breadth, at which the target is reached.
Effort MeasureEffort(const ItemIndex& index, std::span<const float> embeddings, size_t dim,
                     const ItemIndexOptions& options, WorkerPool& workers) {
  const size_t items = embeddings.size() / dim;
  const size_t k = std::min(options.candidate_count, items);
  const std::vector<float> chosen =
      ChooseQueries(options.queries.empty() ? embeddings : options.queries, dim);
  const size_t queries = chosen.size() / dim;
  if (queries == 0 || k == 0) return {};
  auto query = [&](size_t q) { return std::span(chosen).subspan(q * dim, dim); };
  const auto expected = SearchExactly(embeddings, dim, chosen, {}, k, workers);
  auto recall = [&](const Effort& effort, size_t count, size_t asked) {
    std::atomic<size_t> found = 0;
    workers.ForEach(asked, [&](size_t q) {
      std::vector<ScoredItem> results(count);
      index.Search(query(q), {}, {.breadth = effort.breadth, .pool = effort.pool}, results);
      // As good as the last of the best is good enough: equal scores have no order that matters.
      const float least = expected[q][count - 1].score;
      found += static_cast<size_t>(
          std::count_if(results.begin(), results.end(),
                        [&](const ScoredItem& item) { return item.score >= least; }));
    });
    return static_cast<double>(found) / static_cast<double>(asked * count);
  };
  // Somebody may ask for fewer as well, of which more can be missed.
  const size_t few = std::max<size_t>(1, k / 10);
  auto breadth_of = [](int steps) { return kBreadthStep * static_cast<float>(steps); };
  auto pool_reaches = [&](float pool) {
    const double allowed = kShareOfPool * (1 - options.target_recall);
    const Effort effort = {breadth_of(kMaxBreadthSteps), pool};
    return recall(effort, k, std::min(queries, kQueriesForPool)) >= 1 - allowed;
  };
  Effort effort;
  effort.pool = *std::find_if(std::begin(kPools), std::end(kPools) - 1, pool_reaches);
  auto reached = [&](int steps) {
    effort.breadth = breadth_of(steps);
    return recall(effort, k, queries) >= options.target_recall &&
           recall(effort, few, queries) >= options.target_recall;
  };
  int low = 0, high = kMaxBreadthSteps;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (reached(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  effort.breadth = breadth_of(low);
  return effort;
}

}  // namespace

absl::Status BuildItemIndex(std::span<const float> embeddings, size_t dim,
                            const ItemIndexOptions& options, const std::filesystem::path& path) {
  if (dim == 0 || dim > item_index_file::kMaxDim || embeddings.size() % dim != 0)
    return absl::InvalidArgumentError("the embeddings are not a matrix of 1 to 8192 columns");
  if (options.queries.size() % dim != 0)
    return absl::InvalidArgumentError("the queries are not a matrix like the embeddings");
  if (!CanBeCoded(embeddings) || !CanBeCoded(options.queries))
    return absl::InvalidArgumentError("an embedding or a query is not finite, or beyond 1e12");
  if (!(options.target_recall > 0 && options.target_recall <= 1))
    return absl::InvalidArgumentError("target_recall is not above 0 and at most 1");
  if (options.candidate_count == 0) return absl::InvalidArgumentError("candidate_count is 0");
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
  ASSIGN_OR_RETURN(const std::unique_ptr<ItemIndex> index,
                   ItemIndex::Over(ViewsOf(arrays), embeddings));
  const Effort effort = MeasureEffort(*index, embeddings, dim, options, workers);
  arrays.settings[2] = effort.breadth;
  arrays.settings[3] = effort.pool;
  return Write(arrays, item_index_file::HashOfEmbeddings(embeddings, dim), path);
}

}  // namespace shortlist
