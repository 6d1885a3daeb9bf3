#include "retrieval/index/passing_positions.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include <roaring/containers/containers.h>

namespace shortlist {
namespace {

constexpr uint32_t kRowsPerContainer = 1 << 16;
constexpr uint32_t kWordsPerContainer = kRowsPerContainer / 64;

// Sets bits [begin, last].
void SetRange(uint32_t begin, uint32_t last, std::vector<uint64_t>& words) {
  const uint32_t begin_word = begin / 64, last_word = last / 64;
  const uint64_t from_begin = ~uint64_t{0} << begin % 64;
  const uint64_t to_last = ~uint64_t{0} >> (63 - last % 64);
  if (begin_word == last_word) {
    words[begin_word] |= from_begin & to_last;
    return;
  }
  words[begin_word] |= from_begin;
  std::fill(words.begin() + begin_word + 1, words.begin() + last_word, ~uint64_t{0});
  words[last_word] |= to_last;
}

}  // namespace

void PassingPositions::AssignExcluded(const ItemFilter& filter, const ItemOrder& order) {
  excluded_.clear();
  for (ItemRow row : filter.excluded())
    if (row < order.positions.size()) excluded_.push_back(order.positions[row]);
  std::sort(excluded_.begin(), excluded_.end());
}

void PassingPositions::AddToList(const Roaring& rows, const ItemOrder& order) {
  if (rows.isEmpty()) return;
  for (ItemRow row : rows)
    if (row < order.positions.size()) list_.push_back(order.positions[row]);
  std::sort(list_.begin(), list_.end());
  list_.erase(std::unique(list_.begin(), list_.end()), list_.end());
}

void PassingPositions::AssignList(const ItemFilter& filter, const ItemOrder& order) {
  if (const Roaring* allowed = filter.allowed()) {
    list_.resize(allowed->cardinality());
    allowed->toUint32Array(list_.data());
    if (filter.order() != &order) {
      for (uint32_t& position : list_) {
        const ItemRow row = filter.RowOf(position);
        position = row < order.positions.size() ? order.positions[row] : kNoItem;
      }
      std::sort(list_.begin(), list_.end());
      list_.erase(std::find(list_.begin(), list_.end(), kNoItem), list_.end());
    }
    AddToList(filter.added(), order);
  } else {
    list_.resize(order.positions.size());
    std::iota(list_.begin(), list_.end(), 0);
  }
  all_but_excluded_ = false;
  AssignExcluded(filter, order);
  if (excluded_.empty()) return;
  auto next = excluded_.begin();
  std::erase_if(list_, [&](uint32_t position) {
    while (next != excluded_.end() && *next < position) ++next;
    return next != excluded_.end() && *next == position;
  });
}

void PassingPositions::AssignBits(const ItemFilter& filter, const ItemOrder& order) {
  // Whole containers, so that one can be copied as it is.
  const size_t words =
      (order.rows.size() + kRowsPerContainer - 1) / kRowsPerContainer * kWordsPerContainer;
  const Roaring* allowed = filter.allowed();
  if (allowed == nullptr && all_but_excluded_ && bits_.words().size() == words) {
    for (uint32_t position : excluded_) bits_.Set(position);
  } else {
    bits_.words().assign(words, allowed == nullptr ? ~uint64_t{0} : 0);
  }
  all_but_excluded_ = allowed == nullptr;
  if (allowed != nullptr && filter.order() == &order) {
    SetAll(*allowed);
  } else if (allowed != nullptr) {
    for (uint32_t position : *allowed) {
      const ItemRow row = filter.RowOf(position);
      if (row < order.positions.size()) bits_.Set(order.positions[row]);
    }
  }
  if (allowed != nullptr) {
    for (ItemRow row : filter.added())
      if (row < order.positions.size()) bits_.Set(order.positions[row]);
  }
  AssignExcluded(filter, order);
  for (uint32_t position : excluded_) bits_.Clear(position);
}

size_t PassingPositions::Collect(uint32_t begin, uint32_t end, uint32_t* positions) const {
  size_t found = 0;
  for (uint32_t first = begin / 64 * 64; first < end; first += 64) {
    uint64_t word = bits_.words()[first / 64];
    if (first < begin) word &= ~uint64_t{0} << (begin - first);
    if (end - first < 64) word &= ~(~uint64_t{0} << (end - first));
    for (; word != 0; word &= word - 1)
      positions[found++] = first + static_cast<uint32_t>(std::countr_zero(word));
  }
  return found;
}

void PassingPositions::SetAll(const Roaring& positions) {
  // CRoaring has no function that writes plain words, and its iterator takes ten times as long.
  const roaring_array_t& array = positions.roaring.high_low_container;
  for (int32_t i = 0; i < array.size; ++i) {
    const uint32_t first = uint32_t{array.keys[i]} << 16;
    if (first / 64 >= bits_.words().size()) return;
    uint8_t type = array.typecodes[i];
    const void* container = container_unwrap_shared(array.containers[i], &type);
    if (type == BITSET_CONTAINER_TYPE_CODE) {
      const auto* bitset = static_cast<const bitset_container_t*>(container);
      std::copy_n(bitset->array, kWordsPerContainer, bits_.words().begin() + first / 64);
    } else if (type == ARRAY_CONTAINER_TYPE_CODE) {
      const auto* list = static_cast<const array_container_t*>(container);
      for (int32_t j = 0; j < list->cardinality; ++j) bits_.Set(first + list->array[j]);
    } else {
      const auto* runs = static_cast<const run_container_t*>(container);
      for (int32_t j = 0; j < runs->n_runs; ++j) {
        const uint32_t begin = first + runs->runs[j].value;
        SetRange(begin, begin + runs->runs[j].length, bits_.words());
      }
    }
  }
}

}  // namespace shortlist
