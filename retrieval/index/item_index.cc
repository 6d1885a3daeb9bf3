#include "retrieval/index/item_index.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include <hwy/contrib/sort/vqsort.h>

#include "absl/strings/str_cat.h"
#include "common/background/pace.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "common/vector_kernels.h"
#include "retrieval/index/candidate_pool.h"
#include "retrieval/index/code_kernels.h"
#include "retrieval/index/item_codes.h"
#include "retrieval/index/item_index_file.h"
#include "retrieval/index/list_order.h"
#include "retrieval/index/passing_positions.h"
#include "retrieval/index/sort_key.h"

namespace shortlist {
namespace {

constexpr size_t kBatch = CandidatePool::kMaxBatch;

// The first halves of the codes tell only roughly which are the best.
constexpr float kMaxPool = 100;
// For few items as many are kept as for kLeastPooled: among the very best of a large catalog, the
// rough scores are no order, and lists are left out that a larger pool would have read.
constexpr size_t kLeastPooled = 150;
size_t PoolSize(size_t k, float pool) {
  return static_cast<size_t>(pool * static_cast<float>(std::max(k, kLeastPooled))) + 64;
}

constexpr int32_t kAnyScore = std::numeric_limits<int32_t>::min();
constexpr uint32_t kPositionsPerBlock = 64;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// So few passing items are scored one and all, which is exact.
constexpr size_t kScannedItems = 20'000;
// A catalog so small is searched exactly even without a filter.
constexpr size_t kSmallCatalog = 1000;
// Below this share of passing items only their codes are read, otherwise all of a list's.
constexpr double kFewShare = 0.5;

void Prefetch(const void* address) { __builtin_prefetch(address); }

}  // namespace

struct ItemIndex::Scratch {
  QueryCode query;
  // The same for all lists: see FrameOf.
  int32_t zero_score = 0;
  float centre_unit = 0;

  ListOrder order;
  CandidatePool pool;     // By the first halves of the codes.
  CandidatePool refined;  // By both.
  PassingPositions passing;
  const Bits* hidden = nullptr;
  size_t bytes_read = 0;
  std::vector<int32_t> centre_scores;
  // By list: what an item's score may be at most, without what its code adds.
  std::vector<float> bases;
  // Of the items scored exactly.
  std::vector<ItemRow> rows;
  std::vector<float> exact_scores;
  std::vector<uint64_t> keys;
  hwy::Sorter sort;
  uint32_t positions[kBatch];
  uint32_t selected[kBatch + kSelectSlack];
  int32_t scores[kBatch + kSelectSlack];
  CandidatePool::Entry entries[kBatch + 1];
  CandidatePool::Entry refined_entries[kBatch + 1];
  float errors[kBatch + 1];
};

// How scores of a list's codes become scores of its items, within `first_error` or `error`:
//   base + first * (score of the first half) [+ second * (score of the second half)].
struct ItemIndex::Frame {
  float base, first, second, first_error, error;
};

absl::StatusOr<std::unique_ptr<ItemIndex>> ItemIndex::Load(const std::filesystem::path& path,
                                                           std::span<const float> embeddings,
                                                           size_t dim) {
  using namespace item_index_file;  // NOLINT: the names of the arrays.
  if (dim == 0 || dim > kMaxDim || embeddings.size() % dim != 0)
    return absl::InvalidArgumentError("the embeddings are not a matrix of 1 to 8192 columns");
  ASSIGN_OR_RETURN(ArrayFile file, ArrayFile::Open(path));
  auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(absl::StrCat(file.path(), ": ", AbslView(what)));
  };
  const size_t items = embeddings.size() / dim;
  Arrays<ArrayView> arrays;
  ArrayHash hash;
  auto get = [&]<class T>(const char* name, size_t length, std::span<const T>& array) {
    ASSIGN_OR_RETURN(array, file.Get<T>(name, length));
    hash.Add(array);
    Pace::Keep();
    // Before the lengths that it asks for are looked at.
    if (std::string_view(name) != kShape) return absl::OkStatus();
    if (array[0] != kFormat) return corrupt("the item index has an unknown format");
    if (array[1] != items || array[2] != dim)
      return corrupt("the item index was built for another number of items or dimensions");
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(VisitArrays(get, arrays));
  ASSIGN_OR_RETURN(std::span<const uint64_t> hashes, file.Get<uint64_t>(kHashes, 2));
  if (hash.Digest() != hashes[1]) return corrupt("the item index is damaged: wrong checksum");
  if (HashOfEmbeddings(embeddings, dim) != hashes[0])
    return corrupt("the item index was built for other embeddings");

  auto index = Over(arrays, embeddings);
  if (!index.ok())
    return corrupt({index.status().message().data(), index.status().message().size()});
  (*index)->file_ = std::move(file);
  return index;
}

absl::StatusOr<std::unique_ptr<ItemIndex>> ItemIndex::Over(
    const item_index_file::Arrays<item_index_file::ArrayView>& arrays,
    std::span<const float> embeddings) {
  std::unique_ptr<ItemIndex> index(new ItemIndex);
  index->embeddings_ = embeddings;
  index->dim_ = arrays.shape[2];
  index->centre_scale_ = arrays.settings[0];
  index->largest_length_ = arrays.settings[1];
  index->breadth_ = arrays.settings[2];
  index->pool_ = arrays.settings[3];
  index->list_begins_ = arrays.list_begins;
  index->centre_codes_ = arrays.centre_codes;
  index->spreads_ = arrays.spreads;
  index->steps_ = arrays.steps;
  index->first_errors_ = arrays.first_errors;
  index->errors_ = arrays.errors;
  index->first_halves_ = arrays.first_halves;
  index->second_halves_ = arrays.second_halves;
  index->order_ = {arrays.rows, arrays.positions};
  RETURN_IF_ERROR(index->CheckLists());
  std::vector<uint32_t> first_lists;
  for (uint32_t position = 0, list = 0; position < index->position_count();
       position += kPositionsPerBlock) {
    while (index->list_begins_[list + 1] <= position) ++list;
    first_lists.push_back(list);
  }
  index->first_lists_ = std::make_shared<const std::vector<uint32_t>>(std::move(first_lists));
  return index;
}

std::unique_ptr<ItemIndex> ItemIndex::WithChanges(std::span<const float> embeddings,
                                                  std::shared_ptr<const Bits> hidden) const {
  std::unique_ptr<ItemIndex> index(new ItemIndex(*this));
  index->embeddings_ = embeddings;
  index->delta_ = delta_.With(dim_, position_count(), embeddings.subspan(position_count() * dim_));
  index->hidden_ = std::move(hidden);
  index->hidden_positions_ = nullptr;
  if (index->hidden_ == nullptr) return index;
  auto positions = std::make_shared<Bits>(position_count());
  index->hidden_->ForEach([&](ItemRow row) {
    if (row < position_count()) positions->Set(order_.positions[row]);
  });
  index->hidden_positions_ = std::move(positions);
  return index;
}

// What keeps a search in bounds, should the checksum be right by design.
absl::Status ItemIndex::CheckLists() const {
  // Bounded so that no product of them overflows, for the difference of infinities is NaN.
  constexpr float kLargest = 1000 * kLargestComponent;
  auto positive = [](float x) { return x >= 1 / kLargest && x <= kLargest; };
  auto not_negative = [](float x) { return x >= 0 && x <= kLargest; };
  if (!positive(centre_scale_) || !not_negative(largest_length_) || !not_negative(breadth_) ||
      !(pool_ >= 1 && pool_ <= kMaxPool))
    return absl::DataLossError("a setting is invalid");
  if (list_begins_.front() != 0 || list_begins_.back() != position_count() ||
      !std::is_sorted(list_begins_.begin(), list_begins_.end()))
    return absl::DataLossError("the lists are invalid");
  if (!std::all_of(steps_.begin(), steps_.end(), positive))
    return absl::DataLossError("a step is invalid");
  for (std::span<const float> values : {spreads_, first_errors_, errors_}) {
    if (!std::all_of(values.begin(), values.end(), not_negative))
      return absl::DataLossError("a spread or an error is invalid");
  }
  for (uint32_t position = 0; position < position_count(); ++position) {
    const ItemRow row = order_.rows[position];
    if (row >= position_count() || order_.positions[row] != position)
      return absl::DataLossError("rows and positions do not match");
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
  return Search(query, filter, SearchOptions(), results);
}

size_t ItemIndex::Search(std::span<const float> query, const ItemFilter& filter,
                         const SearchOptions& options, std::span<ScoredItem> results) const {
  const size_t found = SearchLists(query, filter, options, results);
  return delta_.Search(query, filter, hidden_.get(), found, results);
}

size_t ItemIndex::SearchLists(std::span<const float> query, const ItemFilter& filter,
                              const SearchOptions& options, std::span<ScoredItem> results) const {
  const size_t passing_count = filter.PassingOrHiddenCount(position_count());
  const size_t k = std::min(results.size(), passing_count);
  if (options.bytes_read != nullptr) *options.bytes_read = 0;
  if (k == 0) return 0;

  thread_local Scratch scratch;
  scratch.hidden = hidden_positions_.get();
  scratch.bytes_read = 0;
  scratch.query.Assign(query);
  ScoreCentres(scratch);
  const float reach = scratch.query.length() * largest_length_;
  const bool all = passing_count == position_count();
  const bool few = !all && passing_count <= kScannedItems;
  const float breadth =
      all && passing_count <= kSmallCatalog ? kInfinity : options.breadth.value_or(breadth_);
  const bool exact = few || breadth == kInfinity;
  const auto keep = exact ? CandidatePool::Keep::kAll : CandidatePool::Keep::kFew;
  scratch.refined.Reset(k, -reach, reach, keep);
  if (few) {
    scratch.passing.AssignList(filter, order_);
    ScanPositions(scratch.passing.list(), scratch);
  } else {
    const size_t pooled = std::min(PoolSize(k, options.pool.value_or(pool_)), passing_count);
    scratch.pool.Reset(exact ? k : pooled, -reach, reach, keep);
    Passing passing = Passing::kAll;
    if (!all) {
      scratch.passing.AssignBits(filter, order_);
      const double share = static_cast<double>(passing_count) / position_count();
      passing = share < kFewShare ? Passing::kFew : Passing::kMost;
    }
    ScanLists(passing, breadth, scratch);
    const std::span<const CandidatePool::Entry> entries = scratch.pool.Finish();
    for (size_t begin = 0; begin < entries.size(); begin += kBatch)
      ScoreWithBothHalves(entries.subspan(begin, std::min(kBatch, entries.size() - begin)), exact,
                          scratch);
  }
  const size_t found = ScoreExactly(query, scratch, results.first(k));
  if (options.bytes_read != nullptr) *options.bytes_read = scratch.bytes_read;
  return found;
}

void ItemIndex::ScoreCentres(Scratch& scratch) const {
  const QueryCode& query = scratch.query;
  scratch.zero_score = kCodeOffset * query.sum();
  scratch.centre_unit = query.step() / centre_scale_;
  scratch.centre_scores.resize(list_count());
  scratch.bytes_read += centre_codes_.size();
  ScoreBytes(centre_codes_.data(), ByteStride(dim_), list_count(), scratch.query.codes(),
             scratch.centre_scores.data());
}

ItemIndex::Frame ItemIndex::FrameOf(uint32_t list, const Scratch& scratch) const {
  const auto sum = static_cast<float>(scratch.query.sum());
  const float unit = steps_[list] * scratch.query.step();
  const float centre =
      static_cast<float>(scratch.centre_scores[list] - scratch.zero_score) * scratch.centre_unit;
  return {.base = centre - (kCodeOffset - kMeanSecondHalf) * sum * unit,
          .first = 16 * unit,
          .second = unit,
          .first_error = scratch.query.ScoreError(first_errors_[list], largest_length_),
          .error = scratch.query.ScoreError(errors_[list], largest_length_)};
}

uint32_t ItemIndex::ListOf(uint32_t position) const {
  uint32_t list = (*first_lists_)[position / kPositionsPerBlock];
  // Steps that are taken or not at random, and therefore without a branch; more are rare.
  list += list_begins_[list + 1] <= position;
  list += list_begins_[list + 1] <= position;
  while (list_begins_[list + 1] <= position) ++list;
  return list;
}

void ItemIndex::ScanLists(Passing passing, float breadth, Scratch& scratch) const {
  const QueryCode& query = scratch.query;
  const size_t lists = list_count();
  const std::span<float> bounds = scratch.order.Reset(lists);
  const bool exact = breadth == kInfinity;
  const float spread_unit = (exact ? 0.0F : std::min(breadth, 1e6F)) * query.length();
  for (size_t l = 0; l < lists; ++l)
    bounds[l] =
        static_cast<float>(scratch.centre_scores[l] - scratch.zero_score) * scratch.centre_unit +
        spread_unit * spreads_[l];

  ListOrder& order = scratch.order;
  auto least = [&] { return exact ? -kInfinity : scratch.pool.least(); };
  for (auto round = order.Next(least()); !round.empty(); round = order.Next(least())) {
    for (size_t i = 0; i < round.size(); ++i) {
      if (order.bound(round[i]) < least()) continue;
      const uint32_t next = round[std::min(i + 1, round.size() - 1)];
      PrefetchList(next, passing, scratch);
      ScanList(round[i], passing, exact, scratch);
    }
  }
}

// Its first codes: of all items, or of those that pass where they are few.
void ItemIndex::PrefetchList(uint32_t list, Passing passing, Scratch& scratch) const {
  const size_t stride = NibbleStride(dim_);
  const uint32_t begin = list_begins_[list];
  if (passing == Passing::kFew) {
    constexpr uint32_t kItemsAhead = 512;
    const uint32_t end = std::min(begin + kItemsAhead, list_begins_[list + 1]);
    const size_t found = scratch.passing.Collect(begin, end, scratch.positions);
    for (size_t i = 0; i < found; ++i)
      Prefetch(first_halves_.data() + scratch.positions[i] * stride);
  } else {
    constexpr size_t kLinesAhead = 16;
    for (size_t line = 0; line < kLinesAhead; ++line)
      Prefetch(first_halves_.data() + begin * stride + line * 64);
  }
}

void ItemIndex::ScanList(uint32_t list, Passing passing, bool exact, Scratch& scratch) const {
  const size_t stride = NibbleStride(dim_);
  const int8_t* query = scratch.query.codes();
  const Frame frame = FrameOf(list, scratch);
  const float error = exact ? frame.first_error : 0.0F;
  CandidatePool& pool = scratch.pool;
  auto add = [&](uint32_t position, int32_t code_score) {
    if (scratch.hidden != nullptr && scratch.hidden->Test(position)) return;
    const float score = frame.base + frame.first * static_cast<float>(code_score);
    pool.Add({position, score + error, list}, score - error);
  };
  for (uint32_t begin = list_begins_[list]; begin < list_begins_[list + 1]; begin += kBatch) {
    const auto end =
        static_cast<uint32_t>(std::min<size_t>(begin + kBatch, list_begins_[list + 1]));
    const int32_t least = LeastCodeScore(pool.least() - error, frame.base, frame.first);
    if (passing == Passing::kFew) {
      const size_t found = scratch.passing.Collect(begin, end, scratch.positions);
      scratch.bytes_read += found * stride;
      const size_t good = SelectNibblesAt(first_halves_.data(), stride, scratch.positions, found,
                                          query, least, scratch.selected, scratch.scores);
      for (size_t i = 0; i < good; ++i)
        add(scratch.positions[scratch.selected[i]], scratch.scores[i]);
    } else {
      scratch.bytes_read += (end - begin) * stride;
      const size_t good = SelectNibbles(first_halves_.data() + begin * stride, stride, end - begin,
                                        query, least, scratch.selected, scratch.scores);
      for (size_t i = 0; i < good; ++i) {
        const uint32_t position = begin + scratch.selected[i];
        if (passing == Passing::kAll || scratch.passing.Test(position))
          add(position, scratch.scores[i]);
      }
    }
    pool.EndBatch();
  }
}

void ItemIndex::ScanPositions(std::span<const uint32_t> positions, Scratch& scratch) const {
  const QueryCode& query = scratch.query;
  scratch.bases.resize(list_count());
  scratch.bytes_read += positions.size() * NibbleStride(dim_);
  for (uint32_t list = 0; list < list_count(); ++list) {
    const Frame frame = FrameOf(list, scratch);
    scratch.bases[list] = frame.base + frame.first_error;
  }
  const float unit = 16 * query.step();
  for (size_t begin = 0; begin < positions.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, positions.size() - begin);
    SelectNibblesAt(first_halves_.data(), NibbleStride(dim_), positions.data() + begin, count,
                    query.codes(), kAnyScore, scratch.selected, scratch.scores);
    // Whether an item is good enough is as good as random here: no branches.
    const float least = scratch.refined.least();
    size_t good = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t position = positions[begin + i];
      const uint32_t list = ListOf(position);
      const float upper =
          scratch.bases[list] + unit * steps_[list] * static_cast<float>(scratch.scores[i]);
      scratch.entries[good] = {position, upper, list};
      good += upper >= least;
    }
    if (scratch.hidden != nullptr) {
      const auto hidden = [&](const CandidatePool::Entry& entry) {
        return scratch.hidden->Test(entry.position);
      };
      good = static_cast<size_t>(std::remove_if(scratch.entries, scratch.entries + good, hidden) -
                                 scratch.entries);
    }
    ScoreWithBothHalves({scratch.entries, good}, /*exact=*/true, scratch);
  }
}

// Adds to scratch.refined what may be among the best of at most kBatch entries, the scores of which
// are those by the first halves: with their errors added, if `exact`.
void ItemIndex::ScoreWithBothHalves(std::span<const CandidatePool::Entry> entries, bool exact,
                                    Scratch& scratch) const {
  const float mean = kMeanSecondHalf * static_cast<float>(scratch.query.sum());
  // Of the errors of many components, most cancel out: twice their standard deviation is enough.
  const float error_share = exact ? 1.0F : 2.0F / std::sqrt(static_cast<float>(dim_));
  for (size_t i = 0; i < entries.size(); ++i) scratch.positions[i] = entries[i].position;
  SelectNibblesAt(second_halves_.data(), NibbleStride(dim_), scratch.positions, entries.size(),
                  scratch.query.codes(), kAnyScore, scratch.selected, scratch.scores);
  scratch.bytes_read += entries.size() * NibbleStride(dim_);
  CandidatePool& refined = scratch.refined;
  const float least = refined.least();
  size_t good = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    const CandidatePool::Entry& entry = entries[i];
    const Frame frame = FrameOf(entry.list, scratch);
    const float error = error_share * frame.error;
    const float upper = entry.score - (exact ? frame.first_error : 0.0F) + error +
                        frame.second * (static_cast<float>(scratch.scores[i]) - mean);
    scratch.refined_entries[good] = {entry.position, upper, entry.list};
    scratch.errors[good] = error;
    good += upper >= least;
  }
  for (size_t i = 0; i < good; ++i)
    refined.Add(scratch.refined_entries[i],
                scratch.refined_entries[i].score - 2 * scratch.errors[i]);
  refined.EndBatch();
}

size_t ItemIndex::ScoreExactly(std::span<const float> query, Scratch& scratch,
                               std::span<ScoredItem> results) const {
  scratch.rows.clear();
  for (const CandidatePool::Entry& entry : scratch.refined.Finish())
    scratch.rows.push_back(order_.rows[entry.position]);
  const size_t count = scratch.rows.size();
  scratch.bytes_read += count * dim_ * sizeof(float);
  scratch.exact_scores.resize(count);
  DotProducts(query.data(), embeddings_.data(), scratch.rows.data(), count, dim_,
              scratch.exact_scores.data());
  scratch.keys.resize(count);
  for (size_t i = 0; i < count; ++i)
    scratch.keys[i] = SortKey(scratch.exact_scores[i], scratch.rows[i]);
  scratch.sort(scratch.keys.data(), count, hwy::SortAscending());
  const size_t found = std::min(results.size(), count);
  for (size_t i = 0; i < found; ++i) results[i] = FromSortKey(scratch.keys[i]);
  return found;
}

}  // namespace shortlist
