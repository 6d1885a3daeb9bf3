#include "retrieval/item_index.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "common/vector_kernels.h"
#include "retrieval/candidate_pool.h"
#include "retrieval/int8_codes.h"
#include "retrieval/int8_kernels.h"
#include "retrieval/item_index_file.h"
#include "retrieval/list_order.h"
#include "retrieval/row_bits.h"

namespace shortlist {
namespace {

constexpr size_t kBatch = CandidatePool::kMaxBatch;

// Codes are rounded: so many more items than k are kept for exact scoring.
size_t PoolSize(size_t k) { return k + k / 5 + 32; }

// So few passing items are scanned one and all, which is exact.
constexpr size_t kScannedItems = 20'000;
// Below this share of passing items only their codes are read, otherwise all of a list's.
constexpr double kFewShare = 0.5;

void Prefetch(const void* address) { __builtin_prefetch(address); }

// Results in one integer that sorts best first: by score, equal scores by row.
uint64_t SortKey(float score, ItemRow row) {
  const auto bits = std::bit_cast<uint32_t>(score + 0.0F);  // Minus zero equals zero.
  const uint32_t ascending = bits & 0x80000000U ? ~bits : bits | 0x80000000U;
  return uint64_t{~ascending} << 32 | row;
}

ScoredItem FromSortKey(uint64_t key) {
  const auto ascending = ~static_cast<uint32_t>(key >> 32);
  const uint32_t bits = ascending & 0x80000000U ? ascending & 0x7FFFFFFFU : ~ascending;
  return {static_cast<ItemRow>(key), std::bit_cast<float>(bits)};
}

}  // namespace

struct ItemIndex::Scratch {
  Int8Query query;
  ListOrder order;
  CandidatePool pool;
  RowBits passing;
  std::vector<uint64_t> keys;
  std::vector<int32_t> centre_scores;
  uint32_t positions[kBatch];
  uint32_t selected[kBatch + kSelectSlack];
  int32_t scores[kBatch + kSelectSlack];
};

absl::StatusOr<std::unique_ptr<ItemIndex>> ItemIndex::Load(const std::filesystem::path& path,
                                                           std::span<const float> embeddings,
                                                           size_t dim) {
  using namespace item_index_file;  // NOLINT: the names of the arrays.
  std::unique_ptr<ItemIndex> index(new ItemIndex);
  ASSIGN_OR_RETURN(index->file_, ArrayFile::Open(path));
  const ArrayFile& file = index->file_;
  auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(absl::StrCat(file.path(), ": ", AbslView(what)));
  };
  ASSIGN_OR_RETURN(std::span<const uint32_t> shape, file.Get<uint32_t>(kShape, 4));
  if (shape[0] != kFormat) return corrupt("the item index has an unknown format");
  if (dim == 0 || embeddings.size() % dim != 0)
    return absl::InvalidArgumentError("the embeddings are not a matrix");
  const size_t items = shape[1], lists = shape[3];
  if (shape[2] != dim || items != embeddings.size() / dim)
    return corrupt("the item index was built for another number of items or dimensions");

  ASSIGN_OR_RETURN(std::span<const float> scales, file.Get<float>(kScales, 4));
  ASSIGN_OR_RETURN(index->list_begins_, file.Get<uint32_t>(kListBegins, lists + 1));
  ASSIGN_OR_RETURN(index->centre_codes_, file.Get<uint8_t>(kCentreCodes, lists * CodeStride(dim)));
  ASSIGN_OR_RETURN(index->spreads_, file.Get<float>(kSpreads, lists));
  ASSIGN_OR_RETURN(index->codes_, file.Get<uint8_t>(kCodes, items * CodeStride(dim)));
  ASSIGN_OR_RETURN(index->rows_, file.Get<uint32_t>(kRows, items));
  ASSIGN_OR_RETURN(index->positions_, file.Get<uint32_t>(kPositions, items));
  ASSIGN_OR_RETURN(std::span<const uint64_t> hashes, file.Get<uint64_t>(kHashes, 2));

  ArrayHash hash;
  hash.Add(shape);
  hash.Add(scales);
  hash.Add(index->list_begins_);
  hash.Add(index->centre_codes_);
  hash.Add(index->spreads_);
  hash.Add(index->codes_);
  hash.Add(index->rows_);
  hash.Add(index->positions_);
  if (hash.Digest() != hashes[1]) return corrupt("the item index is damaged: wrong checksum");
  if (HashOfEmbeddings(embeddings, dim) != hashes[0])
    return corrupt("the item index was built for other embeddings");

  index->embeddings_ = embeddings;
  index->dim_ = dim;
  index->item_scale_ = scales[0];
  index->centre_scale_ = scales[1];
  index->largest_code_length_ = scales[2];
  index->breadth_ = scales[3];
  RETURN_IF_ERROR(index->CheckLists());
  return index;
}

// What keeps a search in bounds, should the checksum be right by design.
absl::Status ItemIndex::CheckLists() const {
  auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(absl::StrCat(file_.path(), ": ", AbslView(what)));
  };
  auto positive = [](float x) { return std::isfinite(x) && x > 0; };
  if (!positive(item_scale_) || !positive(centre_scale_) ||
      !(largest_code_length_ >= 0 && largest_code_length_ < 1e8F) || !(breadth_ >= 0))
    return corrupt("a scale is invalid");
  if (list_begins_.front() != 0 || list_begins_.back() != rows_.size() ||
      !std::is_sorted(list_begins_.begin(), list_begins_.end()))
    return corrupt("the lists are invalid");
  if (!std::all_of(spreads_.begin(), spreads_.end(),
                   [](float x) { return std::isfinite(x) && x >= 0; }))
    return corrupt("a spread is invalid");
  for (uint32_t position = 0; position < rows_.size(); ++position) {
    if (rows_[position] >= rows_.size() || positions_[rows_[position]] != position)
      return corrupt("rows and positions do not match");
  }
  return absl::OkStatus();
}

std::vector<ScoredItem> ItemIndex::Search(std::span<const float> query, const ItemFilter& filter,
                                          size_t k) const {
  std::vector<ScoredItem> results(std::min<size_t>(k, item_count()));
  results.resize(Search(query, filter, results));
  return results;
}

size_t ItemIndex::Search(std::span<const float> query, const ItemFilter& filter,
                         std::span<ScoredItem> results) const {
  return Search(query, filter, breadth_, results);
}

size_t ItemIndex::Search(std::span<const float> query, const ItemFilter& filter, float breadth,
                         std::span<ScoredItem> results) const {
  const size_t passing_count = filter.PassingCount(item_count());
  const size_t k = std::min(results.size(), passing_count);
  if (k == 0) return 0;

  thread_local Scratch scratch;
  scratch.query.Assign(query);
  const auto reach = static_cast<int64_t>(scratch.query.code_length() * largest_code_length_) + 1;
  const int64_t zero = scratch.query.zero_score();
  scratch.pool.Reset(PoolSize(k), zero - reach, zero + reach);

  const double share = static_cast<double>(passing_count) / item_count();
  if (passing_count == item_count()) {
    ScanLists(Passing::kAll, breadth, scratch);
  } else if (passing_count <= kScannedItems) {
    ScanPassing(filter, scratch);
  } else {
    scratch.passing.Assign(filter, item_count());
    ScanLists(share < kFewShare ? Passing::kFew : Passing::kMost, breadth, scratch);
  }
  return ScoreExactly(query, scratch, results.first(k));
}

void ItemIndex::ScanLists(Passing passing, float breadth, Scratch& scratch) const {
  const Int8Query& query = scratch.query;
  const size_t lists = list_count();
  const size_t stride = CodeStride(dim_);
  scratch.centre_scores.resize(lists);
  ScoreCodes(centre_codes_.data(), stride, lists, query.codes(), scratch.centre_scores.data());
  const std::span<float> bounds = scratch.order.Reset(lists);
  const float centre_unit = query.Unit(centre_scale_);
  const float spread_unit = std::min(breadth, 1e6F) * query.length();
  for (size_t l = 0; l < lists; ++l)
    bounds[l] = static_cast<float>(scratch.centre_scores[l] - query.zero_score()) * centre_unit +
                spread_unit * spreads_[l];

  const float unit = query.Unit(item_scale_);
  const CandidatePool& pool = scratch.pool;
  for (scratch.order.Begin(); !scratch.order.done(); scratch.order.Next()) {
    const float least = static_cast<float>(int64_t{pool.least()} - query.zero_score()) * unit;
    if (pool.full() && scratch.order.bound() < least) break;
    constexpr size_t kLinesAhead = 16;
    const uint8_t* next = codes_.data() + list_begins_[scratch.order.next_list()] * stride;
    for (size_t line = 0; line < kLinesAhead; ++line) Prefetch(next + line * 64);
    ScanList(scratch.order.list(), passing, scratch);
  }
}

void ItemIndex::ScanList(uint32_t list, Passing passing, Scratch& scratch) const {
  const size_t stride = CodeStride(dim_);
  const int8_t* query = scratch.query.codes();
  CandidatePool& pool = scratch.pool;
  for (uint32_t begin = list_begins_[list]; begin < list_begins_[list + 1]; begin += kBatch) {
    const size_t count = std::min<size_t>(kBatch, list_begins_[list + 1] - begin);
    if (passing == Passing::kFew) {
      size_t found = 0;
      for (uint32_t position = begin; position < begin + count; ++position) {
        scratch.positions[found] = position;
        found += scratch.passing.Test(rows_[position]);
      }
      const size_t good = SelectCodesAt(codes_.data(), stride, scratch.positions, found, query,
                                        pool.least(), scratch.selected, scratch.scores);
      for (size_t i = 0; i < good; ++i)
        pool.Add(scratch.positions[scratch.selected[i]], scratch.scores[i]);
    } else {
      const size_t good = SelectCodes(codes_.data() + begin * stride, stride, count, query,
                                      pool.least(), scratch.selected, scratch.scores);
      for (size_t i = 0; i < good; ++i) {
        const uint32_t position = begin + scratch.selected[i];
        if (passing == Passing::kAll || scratch.passing.Test(rows_[position]))
          pool.Add(position, scratch.scores[i]);
      }
    }
    pool.EndBatch();
  }
}

void ItemIndex::ScanPassing(const ItemFilter& filter, Scratch& scratch) const {
  const size_t stride = CodeStride(dim_);
  CandidatePool& pool = scratch.pool;
  size_t count = 0;
  auto scan = [&] {
    const size_t good =
        SelectCodesAt(codes_.data(), stride, scratch.positions, count, scratch.query.codes(),
                      pool.least(), scratch.selected, scratch.scores);
    for (size_t i = 0; i < good; ++i)
      pool.Add(scratch.positions[scratch.selected[i]], scratch.scores[i]);
    pool.EndBatch();
    count = 0;
  };
  filter.ForEachPassing(item_count(), [&](ItemRow row) {
    scratch.positions[count++] = positions_[row];
    if (count == kBatch) scan();
  });
  scan();
}

size_t ItemIndex::ScoreExactly(std::span<const float> query, Scratch& scratch,
                               std::span<ScoredItem> results) const {
  const std::span<const CandidatePool::Entry> entries = scratch.pool.Finish();
  scratch.keys.clear();
  for (const CandidatePool::Entry& entry : entries) scratch.keys.push_back(rows_[entry.position]);
  constexpr size_t kAhead = 12;
  for (size_t i = 0; i < scratch.keys.size(); ++i) {
    if (i + kAhead < scratch.keys.size()) {
      const float* next = embeddings_.data() + scratch.keys[i + kAhead] * dim_;
      for (size_t d = 0; d < dim_; d += 16) Prefetch(next + d);
    }
    const auto row = static_cast<ItemRow>(scratch.keys[i]);
    scratch.keys[i] = SortKey(DotProduct(query.data(), embeddings_.data() + row * dim_, dim_), row);
  }
  std::sort(scratch.keys.begin(), scratch.keys.end());
  for (size_t i = 0; i < results.size(); ++i) results[i] = FromSortKey(scratch.keys[i]);
  return results.size();
}

}  // namespace shortlist
