#include "retrieval/item_index.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/parallel.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "common/vector_kernels.h"
#include "hnswlib/hnswlib.h"
#include "retrieval/exact_search.h"

namespace shortlist {
namespace {

// hnswlib's own kernels are fixed at compile time; ours are chosen at run time.
class InnerProductSpace : public hnswlib::SpaceInterface<float> {
 public:
  explicit InnerProductSpace(size_t dim) : dim_(dim) {}
  size_t get_data_size() override { return dim_ * sizeof(float); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return Distance; }
  void* get_dist_func_param() override { return &dim_; }

 private:
  static float Distance(const void* a, const void* b, const void* dim) {
    return 1.0F - DotProduct(static_cast<const float*>(a), static_cast<const float*>(b),
                             *static_cast<const size_t*>(dim));
  }
  size_t dim_;
};

// The beginning of hnswlib's file, as HierarchicalNSW::saveIndex writes it.
struct FileHeader {
  size_t offset_level0, max_elements, element_count, element_size, label_offset, data_offset;
  int max_level;
  unsigned int entry_point;
  size_t max_links, max_links_level0, links;
  double level_multiplier;
  size_t build_breadth;
};

constexpr size_t kMaxLinks = 1024;
constexpr int kMaxLevel = 64;

}  // namespace

// hnswlib's graph. Its exceptions end here.
class ItemIndex::Graph {
 public:
  Graph(size_t dim, size_t items, const ItemIndexOptions& options)
      : space_(dim),
        hnsw_(&space_, items, static_cast<size_t>(options.links),
              static_cast<size_t>(options.build_breadth), options.seed) {}
  // Throws what hnswlib throws.
  Graph(size_t dim, const std::filesystem::path& path)
      : space_(dim), hnsw_(&space_, path.string()) {}

  static absl::Status Build(std::span<const float> embeddings, size_t dim,
                            const ItemIndexOptions& options, const std::filesystem::path& path);
  static absl::StatusOr<std::unique_ptr<Graph>> Load(const std::filesystem::path& path,
                                                     std::span<const float> embeddings, size_t dim);

  // Calls body(row) for the `breadth` items that seem nearest, worst first; fewer where the graph
  // is not connected.
  template <class Body>
  void Search(const float* query, size_t breadth, const Body& body) const {
    // hnswlib looks at max(ef, k) nodes, and its ef is not safe to set while others search: so ef
    // stays at its minimum and k says it.
    auto nearest = hnsw_.searchKnn(query, breadth);
    for (; !nearest.empty(); nearest.pop()) body(static_cast<ItemRow>(nearest.top().second));
  }

 private:
  // Null, or what is wrong with the header, or the links, of a loaded file: hnswlib itself checks
  // neither and would read and write out of bounds.
  static const char* FindFaultInHeader(const FileHeader& header, size_t items, size_t dim);
  const char* FindFaultInNodes(std::span<const float> embeddings, size_t dim) const;

  InnerProductSpace space_;
  hnswlib::HierarchicalNSW<float> hnsw_;
};

absl::Status ItemIndex::Graph::Build(std::span<const float> embeddings, size_t dim,
                                     const ItemIndexOptions& options,
                                     const std::filesystem::path& path) {
  size_t items = embeddings.size() / dim;
  std::mutex mutex;
  std::optional<std::string> error;
  try {
    Graph graph(dim, items, options);
    auto insert = [&](size_t row) {
      try {
        graph.hnsw_.addPoint(embeddings.data() + row * dim, row);
      } catch (const std::exception& e) {
        std::lock_guard lock(mutex);
        error = e.what();
      }
    };
    // The first item becomes the entry point, which the others need.
    if (items > 0) insert(0);
    WorkerPool pool(options.threads);
    if (items > 1) pool.ForEach(items - 1, [&](size_t i) { insert(i + 1); });
    if (!error) graph.hnsw_.saveIndex(path.string());
  } catch (const std::exception& e) {
    error = e.what();
  }
  if (error)
    return absl::InternalError(
        absl::StrCat(path.string(), ": cannot build the item index: ", *error));
  // hnswlib does not notice a full disk.
  return Load(path, embeddings, dim).status();
}

absl::StatusOr<std::unique_ptr<ItemIndex::Graph>> ItemIndex::Graph::Load(
    const std::filesystem::path& path, std::span<const float> embeddings, size_t dim) {
  auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(absl::StrCat(path.string(), ": ", AbslView(what)));
  };
  FileHeader header{};
  {
    std::ifstream in(path, std::ios::binary);
    if (!in) return absl::NotFoundError(absl::StrCat(path.string(), ": cannot open"));
    auto read = [&](auto& field) { in.read(reinterpret_cast<char*>(&field), sizeof field); };
    read(header.offset_level0);
    read(header.max_elements);
    read(header.element_count);
    read(header.element_size);
    read(header.label_offset);
    read(header.data_offset);
    read(header.max_level);
    read(header.entry_point);
    read(header.max_links);
    read(header.max_links_level0);
    read(header.links);
    read(header.level_multiplier);
    read(header.build_breadth);
    if (!in) return corrupt("too short for an item index");
  }
  if (const char* fault = FindFaultInHeader(header, embeddings.size() / dim, dim))
    return corrupt(fault);
  std::unique_ptr<Graph> graph;
  try {
    graph = std::make_unique<Graph>(dim, path);
  } catch (const std::exception& e) {
    return corrupt(e.what());
  }
  if (const char* fault = graph->FindFaultInNodes(embeddings, dim)) return corrupt(fault);
  graph->hnsw_.setEf(1);
  return graph;
}

const char* ItemIndex::Graph::FindFaultInHeader(const FileHeader& header, size_t items,
                                                size_t dim) {
  if (header.max_links == 0 || header.max_links > kMaxLinks ||
      header.max_links_level0 != 2 * header.max_links || header.links != header.max_links ||
      header.offset_level0 != 0 ||
      header.data_offset != sizeof(int) * (header.max_links_level0 + 1) ||
      header.label_offset <= header.data_offset ||
      header.element_size != header.label_offset + sizeof(hnswlib::labeltype) ||
      !(header.level_multiplier > 0))
    return "not an item index";
  if (header.label_offset - header.data_offset != dim * sizeof(float))
    return "the index has vectors of another size than the model";
  if (header.element_count != items || header.max_elements != items)
    return "the index has another number of items than the model";
  bool entry_valid = items == 0 || (header.max_level >= 0 && header.max_level <= kMaxLevel &&
                                    header.entry_point < items);
  return entry_valid ? nullptr : "the entry point is invalid";
}

const char* ItemIndex::Graph::FindFaultInNodes(std::span<const float> embeddings,
                                               size_t dim) const {
  size_t items = hnsw_.cur_element_count;
  if (items > 0 && hnsw_.element_levels_[hnsw_.enterpoint_node_] != hnsw_.maxlevel_)
    return "the entry point is invalid";
  std::vector<bool> seen(items, false);
  for (unsigned int node = 0; node < items; ++node) {
    size_t row = hnsw_.getExternalLabel(node);
    if (row >= items || seen[row]) return "an item is missing";
    seen[row] = true;
    if (std::memcmp(hnsw_.getDataByInternalId(node), embeddings.data() + row * dim,
                    dim * sizeof(float)) != 0)
      return "the index was built for other embeddings";
    if (hnsw_.isMarkedDeleted(node)) return "a node is invalid";
    for (int level = 0; level <= hnsw_.element_levels_[node]; ++level) {
      unsigned int* list = hnsw_.get_linklist_at_level(node, level);
      size_t count = hnsw_.getListCount(list);
      if (count > (level == 0 ? hnsw_.maxM0_ : hnsw_.maxM_)) return "a node is invalid";
      for (size_t i = 1; i <= count; ++i) {
        if (list[i] >= items || hnsw_.element_levels_[list[i]] < level) return "a link is invalid";
      }
    }
  }
  return nullptr;
}

absl::Status BuildItemIndex(std::span<const float> embeddings, size_t dim,
                            const ItemIndexOptions& options, const std::filesystem::path& path) {
  if (dim == 0 || embeddings.size() % dim != 0)
    return absl::InvalidArgumentError("the embeddings are not a matrix");
  if (options.links < 2 || static_cast<size_t>(options.links) > kMaxLinks)
    return absl::InvalidArgumentError(absl::StrCat("links must be 2 to ", kMaxLinks));
  if (!std::all_of(embeddings.begin(), embeddings.end(), [](float x) { return std::isfinite(x); }))
    return absl::InvalidArgumentError("an embedding is not finite");
  return ItemIndex::Graph::Build(embeddings, dim, options, path);
}

absl::StatusOr<std::unique_ptr<ItemIndex>> ItemIndex::Load(const std::filesystem::path& path,
                                                           std::span<const float> embeddings,
                                                           size_t dim) {
  if (dim == 0 || embeddings.size() % dim != 0)
    return absl::InvalidArgumentError("the embeddings are not a matrix");
  ASSIGN_OR_RETURN(std::unique_ptr<Graph> graph, Graph::Load(path, embeddings, dim));
  return std::unique_ptr<ItemIndex>(new ItemIndex(std::move(graph), embeddings, dim));
}

ItemIndex::ItemIndex(std::unique_ptr<Graph> graph, std::span<const float> embeddings, size_t dim)
    : graph_(std::move(graph)), embeddings_(embeddings), dim_(dim) {}

ItemIndex::~ItemIndex() = default;

std::vector<ScoredItem> ItemIndex::Search(std::span<const float> query, const ItemFilter& filter,
                                          size_t k) const {
  auto items = static_cast<uint32_t>(embeddings_.size() / dim_);
  size_t passing = filter.PassingCount(items);
  k = std::min(k, passing);
  if (k == 0) return {};

  // The graph does not know the filter: it is asked for as many items as should hold k that pass,
  // with a margin since what a user likes is more often excluded than the rest.
  constexpr double kMargin = 1.25;
  // What a search of the graph costs for every item it is asked for, in items scanned exactly: some
  // ten distances, each on memory that is not yet in the cache.
  constexpr size_t kScannedItemsPerGraphItem = 40;
  constexpr size_t kLeastBreadth = 100;
  const Roaring* allowed = filter.allowed();
  double allowed_count = allowed ? static_cast<double>(allowed->cardinality()) : items;
  double excluded_count = allowed_count - static_cast<double>(passing);
  double wanted = allowed
                      ? kMargin * (static_cast<double>(k) + excluded_count) * items / allowed_count
                      : static_cast<double>(k) + excluded_count;
  size_t breadth = std::max(kLeastBreadth, static_cast<size_t>(wanted));
  if (passing <= kScannedItemsPerGraphItem * breadth)
    return SearchExactly(embeddings_, dim_, query, filter, k);

  std::vector<ScoredItem> result;
  result.reserve(breadth);
  graph_->Search(query.data(), breadth, [&](ItemRow row) {
    if (filter.Passes(row))
      result.push_back({row, DotProduct(query.data(), embeddings_.data() + row * dim_, dim_)});
  });
  if (result.size() < k) return SearchExactly(embeddings_, dim_, query, filter, k);
  std::sort(result.begin(), result.end(), RanksBefore);
  result.resize(k);
  return result;
}

}  // namespace shortlist
