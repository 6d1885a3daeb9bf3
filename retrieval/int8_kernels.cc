#include "retrieval/int8_kernels.h"

#include <algorithm>
#include <atomic>

#include "retrieval/int8_kernels_vnni.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "retrieval/int8_kernels.cc"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace shortlist::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

template <class RowAt>
inline void Score(const RowAt& row_at, size_t stride, size_t count, const int8_t* query,
                  int32_t* scores) {
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* row = row_at(i);
    scores[i] = 0;
    for (size_t d = 0; d < stride; ++d) scores[i] += row[d] * query[d];
  }
}

#else

template <class RowAt>
inline void Score(const RowAt& row_at, size_t stride, size_t count, const int8_t* query,
                  int32_t* scores) {
  const hn::ScalableTag<int32_t> d32;
  const hn::Repartition<int16_t, decltype(d32)> d16;
  const hn::Rebind<uint8_t, decltype(d16)> codes;
  const hn::Rebind<int8_t, decltype(d16)> signed_codes;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* row = row_at(i);
    auto sum0 = hn::Zero(d32);
    auto sum1 = hn::Zero(d32);
    for (size_t d = 0; d < stride; d += hn::Lanes(d16)) {
      const auto code = hn::PromoteTo(d16, hn::LoadU(codes, row + d));
      const auto q = hn::PromoteTo(d16, hn::LoadU(signed_codes, query + d));
      sum0 = hn::ReorderWidenMulAccumulate(d32, code, q, sum0, sum1);
    }
    scores[i] = hn::GetLane(hn::SumOfLanes(d32, hn::Add(sum0, sum1)));
  }
}

#endif

void ScoreCodes(const uint8_t* HWY_RESTRICT codes, size_t stride, size_t count,
                const int8_t* HWY_RESTRICT query, int32_t* HWY_RESTRICT scores) {
  Score([=](size_t i) { return codes + i * stride; }, stride, count, query, scores);
}

void ScoreCodesAt(const uint8_t* HWY_RESTRICT codes, size_t stride,
                  const uint32_t* HWY_RESTRICT positions, size_t count,
                  const int8_t* HWY_RESTRICT query, int32_t* HWY_RESTRICT scores) {
  constexpr size_t kAhead = 32;
  Score(
      [=](size_t i) {
        if (i + kAhead < count) hwy::Prefetch(codes + positions[i + kAhead] * stride);
        return codes + positions[i] * stride;
      },
      stride, count, query, scores);
}

size_t SelectAtLeast(const int32_t* HWY_RESTRICT scores, size_t count, int32_t least,
                     uint32_t* HWY_RESTRICT selected) {
  const hn::ScalableTag<int32_t> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const auto threshold = hn::Set(d, least);
  size_t found = 0;
  size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto mask = hn::Not(hn::Lt(hn::LoadU(d, scores + i), threshold));
    if (hn::AllFalse(d, mask)) continue;
    found += hn::CompressBlendedStore(hn::Iota(du, static_cast<uint32_t>(i)),
                                      hn::RebindMask(du, mask), du, selected + found);
  }
  for (; i < count; ++i) {
    selected[found] = static_cast<uint32_t>(i);
    found += scores[i] >= least;
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
std::atomic<bool> use_vnni = int8_kernels_vnni::Supported();

bool UseVnni() { return use_vnni.load(std::memory_order_relaxed); }

}  // namespace

HWY_EXPORT(ScoreCodes);
HWY_EXPORT(ScoreCodesAt);
HWY_EXPORT(SelectAtLeast);
HWY_EXPORT(LargestScore);

void ScoreCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                int32_t* scores) {
  if (UseVnni()) return int8_kernels_vnni::ScoreCodes(codes, stride, count, query, scores);
  HWY_DYNAMIC_DISPATCH(ScoreCodes)(codes, stride, count, query, scores);
}

void ScoreCodesAt(const uint8_t* codes, size_t stride, const uint32_t* positions, size_t count,
                  const int8_t* query, int32_t* scores) {
  if (UseVnni())
    return int8_kernels_vnni::ScoreCodesAt(codes, stride, positions, count, query, scores);
  HWY_DYNAMIC_DISPATCH(ScoreCodesAt)(codes, stride, positions, count, query, scores);
}

size_t SelectAtLeast(const int32_t* scores, size_t count, int32_t least, uint32_t* selected) {
  return HWY_DYNAMIC_DISPATCH(SelectAtLeast)(scores, count, least, selected);
}

int32_t LargestScore(const int32_t* scores, size_t count) {
  return HWY_DYNAMIC_DISPATCH(LargestScore)(scores, count);
}

void AllowVnniForTest(bool allow) { use_vnni = allow && int8_kernels_vnni::Supported(); }

}  // namespace shortlist
#endif
