#include "retrieval/index/live_item_index.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "retrieval/index/item_codes.h"

namespace shortlist {

struct LiveItemIndex::Base {
  ~Base() {
    std::error_code ignored;
    for (const auto& path : {vectors_path, index_path}) std::filesystem::remove(path, ignored);
  }

  std::span<const float> vectors() const {
    const std::string_view bytes = file->content();
    return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
  }

  std::filesystem::path vectors_path, index_path;
  std::shared_ptr<const MappedFile> file;
  std::unique_ptr<ItemIndex> index;
  std::shared_ptr<const PositionBits> absent;  // Positions of rows without a vector, or null.
};

absl::StatusOr<std::unique_ptr<LiveItemIndex>> LiveItemIndex::Create(
    std::filesystem::path folder, std::span<const float> embeddings, size_t dim,
    ItemIndexOptions options) {
  if (dim == 0 || embeddings.size() % dim != 0)
    return absl::InvalidArgumentError("the embeddings are not a matrix");
  std::unique_ptr<LiveItemIndex> result(new LiveItemIndex(std::move(folder), dim, options));
  auto view = std::make_shared<View>();
  view->row_count_ = static_cast<uint32_t>(embeddings.size() / dim);
  ASSIGN_OR_RETURN(view->base_, result->BuildBase(view->row_count_, [&](ItemRow row) {
    return embeddings.subspan(row * dim, dim);
  }));
  view->hidden_ = view->base_->absent;
  result->view_.Set(std::move(view));
  return result;
}

LiveItemIndex::~LiveItemIndex() = default;

absl::StatusOr<std::shared_ptr<const LiveItemIndex::Base>> LiveItemIndex::BuildBase(
    uint32_t row_count, const std::function<std::span<const float>(ItemRow)>& vector_of) {
  auto base = std::make_shared<Base>();
  ++builds_;
  base->vectors_path = folder_ / absl::StrCat("vectors.", builds_);
  base->index_path = folder_ / absl::StrCat("items.index.", builds_);
  std::vector<ItemRow> absent;
  {
    std::ofstream out(base->vectors_path, std::ios::binary | std::ios::trunc);
    const std::vector<float> none(dim_, 0.0F);
    for (ItemRow row = 0; row < row_count; ++row) {
      std::span<const float> vector = vector_of(row);
      if (vector.empty()) {
        absent.push_back(row);
        vector = none;
      }
      out.write(reinterpret_cast<const char*>(vector.data()),
                static_cast<std::streamsize>(vector.size_bytes()));
    }
    out.close();
    if (!out)
      return absl::DataLossError(absl::StrCat(base->vectors_path.string(), ": cannot write"));
  }
  ASSIGN_OR_RETURN(base->file, MappedFile::Open(base->vectors_path));
  RETURN_IF_ERROR(BuildItemIndex(base->vectors(), dim_, options_, base->index_path));
  ASSIGN_OR_RETURN(base->index, ItemIndex::Load(base->index_path, base->vectors(), dim_));
  if (!absent.empty()) {
    PositionBits bits(row_count);
    for (ItemRow row : absent) bits.Set(base->index->order().positions[row]);
    base->absent = std::make_shared<const PositionBits>(std::move(bits));
  }
  return base;
}

absl::Status LiveItemIndex::Apply(std::span<const ItemChange> changes) {
  std::lock_guard lock(changing_);
  const std::shared_ptr<const View> old = view();
  uint32_t row_count = old->row_count();
  for (size_t i = 0; i < changes.size(); ++i) {
    const ItemRow row = changes[i].row;
    const std::vector<float>& vector = changes[i].vector;
    auto invalid = [&](std::string_view what) {
      return absl::InvalidArgumentError(
          absl::StrCat("change ", i, ", of row ", row, ": ", AbslView(what)));
    };
    if (row > row_count || row == kNoItem)
      return invalid(absl::StrCat("the next new row is ", row_count));
    if (row == row_count && vector.empty()) return invalid("there is no such row to delete");
    if (!vector.empty() && vector.size() != dim_)
      return invalid(
          absl::StrCat("the vector has ", vector.size(), " dimensions instead of ", dim_));
    if (!CanBeCoded(vector)) return invalid("the vector is not finite, or beyond 1e12");
    row_count = std::max(row_count, row + 1);
  }
  auto next = std::make_shared<View>(*old);
  next->Change(changes);
  if (recording_) recorded_.insert(recorded_.end(), changes.begin(), changes.end());
  view_.Set(std::move(next));
  return absl::OkStatus();
}

absl::Status LiveItemIndex::Merge() {
  std::lock_guard merging(merging_);
  std::shared_ptr<const View> old;
  {
    std::lock_guard lock(changing_);
    old = view();
    recording_ = true;
  }
  std::unordered_map<ItemRow, std::span<const float>> delta;
  for (const auto& chunk : old->delta_)
    for (size_t i = 0; i < chunk->size(); ++i) delta[chunk->rows()[i]] = chunk->vector(i);
  auto base = BuildBase(old->row_count(), [&](ItemRow row) {
    const auto found = delta.find(row);
    return found != delta.end() ? found->second : old->VectorInBase(row);
  });

  std::lock_guard lock(changing_);
  recording_ = false;
  const std::vector<ItemChange> recorded = std::exchange(recorded_, {});
  RETURN_IF_ERROR(base.status());
  auto next = std::make_shared<View>();
  next->base_ = *std::move(base);
  next->hidden_ = next->base_->absent;
  next->row_count_ = old->row_count();
  next->Change(recorded);
  view_.Set(std::move(next));
  return absl::OkStatus();
}

void LiveItemIndex::View::Change(std::span<const ItemChange> changes) {
  if (changes.empty()) return;  // A search need not ask what is hidden where nothing is.
  std::unordered_map<ItemRow, std::span<const float>> latest;
  for (const ItemChange& change : changes) {
    latest[change.row] = change.vector;
    row_count_ = std::max(row_count_, change.row + 1);
  }
  Remove(latest);

  // Ascending, so that the same changes give the same delta.
  std::vector<ItemRow> rows;
  for (const auto& [row, vector] : latest)
    if (!vector.empty()) rows.push_back(row);
  std::sort(rows.begin(), rows.end());
  std::vector<ItemRow> chunk_rows;
  std::vector<float> chunk_vectors;
  const size_t dim = base_->index->dim();
  auto finish_chunk = [&] {
    if (chunk_rows.empty()) return;
    delta_.push_back(std::make_shared<const DeltaChunk>(dim, std::exchange(chunk_rows, {}),
                                                        std::exchange(chunk_vectors, {})));
  };
  if (!rows.empty() && !delta_.empty() && delta_.back()->size() < DeltaChunk::kCapacity) {
    const DeltaChunk& last = *delta_.back();
    chunk_rows.assign(last.rows().begin(), last.rows().end());
    chunk_vectors.assign(last.vectors().begin(), last.vectors().end());
    delta_.pop_back();
  }
  for (ItemRow row : rows) {
    chunk_rows.push_back(row);
    chunk_vectors.insert(chunk_vectors.end(), latest[row].begin(), latest[row].end());
    if (chunk_rows.size() == DeltaChunk::kCapacity) finish_chunk();
  }
  finish_chunk();
}

void LiveItemIndex::View::Remove(const std::unordered_map<ItemRow, std::span<const float>>& rows) {
  const ItemOrder& order = base_->index->order();
  PositionBits hidden = hidden_ ? *hidden_ : PositionBits(order.positions.size());
  for (const auto& [row, vector] : rows)
    if (row < order.positions.size()) hidden.Set(order.positions[row]);
  hidden_ = std::make_shared<const PositionBits>(std::move(hidden));

  for (auto& chunk : delta_) {
    const bool affected = std::any_of(chunk->rows().begin(), chunk->rows().end(),
                                      [&](ItemRow row) { return rows.contains(row); });
    if (!affected) continue;
    std::vector<ItemRow> kept_rows;
    std::vector<float> kept_vectors;
    for (size_t i = 0; i < chunk->size(); ++i) {
      if (rows.contains(chunk->rows()[i])) continue;
      kept_rows.push_back(chunk->rows()[i]);
      kept_vectors.insert(kept_vectors.end(), chunk->vector(i).begin(), chunk->vector(i).end());
    }
    chunk = std::make_shared<const DeltaChunk>(base_->index->dim(), std::move(kept_rows),
                                               std::move(kept_vectors));
  }
  std::erase_if(delta_, [](const auto& chunk) { return chunk->size() == 0; });
}

const ItemOrder& LiveItemIndex::View::order() const { return base_->index->order(); }

size_t LiveItemIndex::View::delta_size() const {
  size_t size = 0;
  for (const auto& chunk : delta_) size += chunk->size();
  return size;
}

std::span<const float> LiveItemIndex::View::VectorInBase(ItemRow row) const {
  if (row >= order().positions.size()) return {};
  if (hidden_ && hidden_->Test(order().positions[row])) return {};
  const size_t dim = base_->index->dim();
  return base_->vectors().subspan(row * dim, dim);
}

std::span<const float> LiveItemIndex::View::Vector(ItemRow row) const {
  for (const auto& chunk : delta_) {
    const auto found = std::find(chunk->rows().begin(), chunk->rows().end(), row);
    if (found != chunk->rows().end())
      return chunk->vector(static_cast<size_t>(found - chunk->rows().begin()));
  }
  return VectorInBase(row);
}

std::vector<ScoredItem> LiveItemIndex::View::Search(std::span<const float> query,
                                                    const ItemFilter& filter, size_t k) const {
  std::vector<ScoredItem> results(std::min<size_t>(k, row_count_));
  results.resize(Search(query, filter, results));
  return results;
}

size_t LiveItemIndex::View::Search(std::span<const float> query, const ItemFilter& filter,
                                   std::span<ScoredItem> results) const {
  return Search(query, filter, std::nullopt, results);
}

size_t LiveItemIndex::View::Search(std::span<const float> query, const ItemFilter& filter,
                                   std::optional<float> breadth,
                                   std::span<ScoredItem> results) const {
  const size_t in_base =
      base_->index->Search(query, filter, {.breadth = breadth, .hidden = hidden_.get()}, results);
  if (delta_.empty() || results.empty()) return in_base;

  thread_local QueryCode code;
  thread_local std::vector<ScoredItem> found;
  code.Assign(query);
  found.assign(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(in_base));
  const float least =
      in_base < results.size() ? -std::numeric_limits<float>::infinity() : results.back().score;
  for (const auto& chunk : delta_) chunk->Search(query, code, filter, least, found);
  const auto middle = found.begin() + static_cast<std::ptrdiff_t>(in_base);
  std::sort(middle, found.end(), RanksBefore);
  std::inplace_merge(found.begin(), middle, found.end(), RanksBefore);
  const size_t count = std::min(results.size(), found.size());
  std::copy_n(found.begin(), count, results.begin());
  return count;
}

}  // namespace shortlist
