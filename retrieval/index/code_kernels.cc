#include "retrieval/index/code_kernels.h"

#include <algorithm>
#include <atomic>

#include "retrieval/index/code_kernels_vnni.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "retrieval/index/code_kernels.cc"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace shortlist::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kBlock = 64;  // Dimensions that 32 bytes of nibbles hold.

#if HWY_TARGET == HWY_SCALAR

int32_t ScoreOfBytes(const uint8_t* HWY_RESTRICT row, const int8_t* HWY_RESTRICT query,
                     size_t stride) {
  int32_t sum = 0;
  for (size_t d = 0; d < stride; ++d) sum += row[d] * query[d];
  return sum;
}

int32_t ScoreOfNibbles(const uint8_t* HWY_RESTRICT row, const int8_t* HWY_RESTRICT query,
                       size_t stride) {
  int32_t sum = 0;
  for (size_t begin = 0; begin < stride; begin += kBlock / 2, query += kBlock) {
    for (size_t d = 0; d < kBlock / 2; ++d)
      sum += (row[begin + d] & 15) * query[d] + (row[begin + d] >> 4) * query[kBlock / 2 + d];
  }
  return sum;
}

#else

// No wider than half a block.
const hn::CappedTag<int32_t, kBlock / 4> kSums;
const hn::Repartition<int16_t, decltype(kSums)> kWords;
const hn::Rebind<uint8_t, decltype(kWords)> kCodes;
const hn::Rebind<int8_t, decltype(kWords)> kQuery;

int32_t ScoreOfBytes(const uint8_t* HWY_RESTRICT row, const int8_t* HWY_RESTRICT query,
                     size_t stride) {
  auto sum0 = hn::Zero(kSums);
  auto sum1 = hn::Zero(kSums);
  for (size_t d = 0; d < stride; d += hn::Lanes(kWords)) {
    const auto codes = hn::PromoteTo(kWords, hn::LoadU(kCodes, row + d));
    const auto weights = hn::PromoteTo(kWords, hn::LoadU(kQuery, query + d));
    sum0 = hn::ReorderWidenMulAccumulate(kSums, codes, weights, sum0, sum1);
  }
  return hn::GetLane(hn::SumOfLanes(kSums, hn::Add(sum0, sum1)));
}

int32_t ScoreOfNibbles(const uint8_t* HWY_RESTRICT row, const int8_t* HWY_RESTRICT query,
                       size_t stride) {
  const auto mask = hn::Set(kWords, 15);
  auto sum0 = hn::Zero(kSums);
  auto sum1 = hn::Zero(kSums);
  for (size_t begin = 0; begin < stride; begin += kBlock / 2, query += kBlock) {
    for (size_t d = 0; d < kBlock / 2; d += hn::Lanes(kWords)) {
      const auto codes = hn::PromoteTo(kWords, hn::LoadU(kCodes, row + begin + d));
      const auto low = hn::PromoteTo(kWords, hn::LoadU(kQuery, query + d));
      const auto high = hn::PromoteTo(kWords, hn::LoadU(kQuery, query + kBlock / 2 + d));
      sum0 = hn::ReorderWidenMulAccumulate(kSums, hn::And(codes, mask), low, sum0, sum1);
      sum0 = hn::ReorderWidenMulAccumulate(kSums, hn::ShiftRight<4>(codes), high, sum0, sum1);
    }
  }
  return hn::GetLane(hn::SumOfLanes(kSums, hn::Add(sum0, sum1)));
}

#endif

void ScoreBytes(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                int32_t* scores) {
  for (size_t i = 0; i < count; ++i) scores[i] = ScoreOfBytes(rows + i * stride, query, stride);
}

size_t SelectNibbles(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                     int32_t least, uint32_t* selected, int32_t* scores) {
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    selected[found] = static_cast<uint32_t>(i);
    scores[found] = ScoreOfNibbles(rows + i * stride, query, stride);
    found += scores[found] >= least;
  }
  return found;
}

size_t SelectNibblesAt(const uint8_t* rows, size_t stride, const uint32_t* positions, size_t count,
                       const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores) {
  constexpr size_t kAhead = 16;
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) hwy::Prefetch(rows + positions[i + kAhead] * stride);
    selected[found] = static_cast<uint32_t>(i);
    scores[found] = ScoreOfNibbles(rows + positions[i] * stride, query, stride);
    found += scores[found] >= least;
  }
  return found;
}

int32_t LargestScore(const int32_t* scores, size_t count) {
  const hn::ScalableTag<int32_t> d;
  int32_t largest = scores[0];
  size_t i = 0;
  if (count >= hn::Lanes(d)) {
    auto largest_by_lane = hn::LoadU(d, scores);
    for (i = hn::Lanes(d); i + hn::Lanes(d) <= count; i += hn::Lanes(d))
      largest_by_lane = hn::Max(largest_by_lane, hn::LoadU(d, scores + i));
    largest = hn::GetLane(hn::MaxOfLanes(d, largest_by_lane));
  }
  for (; i < count; ++i) largest = std::max(largest, scores[i]);
  return largest;
}

}  // namespace shortlist::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace shortlist {
namespace {

// Highway has no operation for it, so that the instructions that multiply and add bytes at once
// have a file of their own.
std::atomic<bool> use_vnni = code_kernels_vnni::Supported();

bool UseVnni() { return use_vnni.load(std::memory_order_relaxed); }

}  // namespace

HWY_EXPORT(ScoreBytes);
HWY_EXPORT(SelectNibbles);
HWY_EXPORT(SelectNibblesAt);
HWY_EXPORT(LargestScore);

void ScoreBytes(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                int32_t* scores) {
  if (UseVnni()) return code_kernels_vnni::ScoreBytes(rows, stride, count, query, scores);
  HWY_DYNAMIC_DISPATCH(ScoreBytes)(rows, stride, count, query, scores);
}

size_t SelectNibbles(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                     int32_t least, uint32_t* selected, int32_t* scores) {
  if (UseVnni())
    return code_kernels_vnni::SelectNibbles(rows, stride, count, query, least, selected, scores);
  return HWY_DYNAMIC_DISPATCH(SelectNibbles)(rows, stride, count, query, least, selected, scores);
}

size_t SelectNibblesAt(const uint8_t* rows, size_t stride, const uint32_t* positions, size_t count,
                       const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores) {
  if (UseVnni())
    return code_kernels_vnni::SelectNibblesAt(rows, stride, positions, count, query, least,
                                              selected, scores);
  return HWY_DYNAMIC_DISPATCH(SelectNibblesAt)(rows, stride, positions, count, query, least,
                                               selected, scores);
}

int32_t LargestScore(const int32_t* scores, size_t count) {
  return HWY_DYNAMIC_DISPATCH(LargestScore)(scores, count);
}

void AllowVnniForTest(bool allow) { use_vnni = allow && code_kernels_vnni::Supported(); }

}  // namespace shortlist
#endif
