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

int32_t Score(const uint8_t* HWY_RESTRICT code, const int8_t* HWY_RESTRICT query, size_t stride) {
  int32_t sum = 0;
  for (size_t d = 0; d < stride; ++d) sum += code[d] * query[d];
  return sum;
}

#else

int32_t Score(const uint8_t* HWY_RESTRICT code, const int8_t* HWY_RESTRICT query, size_t stride) {
  const hn::ScalableTag<int32_t> d32;
  const hn::Repartition<int16_t, decltype(d32)> d16;
  const hn::Rebind<uint8_t, decltype(d16)> unsigned_bytes;
  const hn::Rebind<int8_t, decltype(d16)> signed_bytes;
  auto sum0 = hn::Zero(d32);
  auto sum1 = hn::Zero(d32);
  for (size_t d = 0; d < stride; d += hn::Lanes(d16)) {
    const auto c = hn::PromoteTo(d16, hn::LoadU(unsigned_bytes, code + d));
    const auto q = hn::PromoteTo(d16, hn::LoadU(signed_bytes, query + d));
    sum0 = hn::ReorderWidenMulAccumulate(d32, c, q, sum0, sum1);
  }
  return hn::GetLane(hn::SumOfLanes(d32, hn::Add(sum0, sum1)));
}

#endif

void ScoreCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                int32_t* scores) {
  for (size_t i = 0; i < count; ++i) scores[i] = Score(codes + i * stride, query, stride);
}

size_t SelectCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                   int32_t least, uint32_t* selected, int32_t* scores) {
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    selected[found] = static_cast<uint32_t>(i);
    scores[found] = Score(codes + i * stride, query, stride);
    found += scores[found] >= least;
  }
  return found;
}

size_t SelectCodesAt(const uint8_t* codes, size_t stride, const uint32_t* positions, size_t count,
                     const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores) {
  constexpr size_t kAhead = 16;
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) hwy::Prefetch(codes + positions[i + kAhead] * stride);
    selected[found] = static_cast<uint32_t>(i);
    scores[found] = Score(codes + positions[i] * stride, query, stride);
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
std::atomic<bool> use_vnni = int8_kernels_vnni::Supported();

bool UseVnni() { return use_vnni.load(std::memory_order_relaxed); }

}  // namespace

HWY_EXPORT(ScoreCodes);
HWY_EXPORT(SelectCodes);
HWY_EXPORT(SelectCodesAt);
HWY_EXPORT(LargestScore);

void ScoreCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                int32_t* scores) {
  if (UseVnni()) return int8_kernels_vnni::ScoreCodes(codes, stride, count, query, scores);
  HWY_DYNAMIC_DISPATCH(ScoreCodes)(codes, stride, count, query, scores);
}

size_t SelectCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                   int32_t least, uint32_t* selected, int32_t* scores) {
  if (UseVnni())
    return int8_kernels_vnni::SelectCodes(codes, stride, count, query, least, selected, scores);
  return HWY_DYNAMIC_DISPATCH(SelectCodes)(codes, stride, count, query, least, selected, scores);
}

size_t SelectCodesAt(const uint8_t* codes, size_t stride, const uint32_t* positions, size_t count,
                     const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores) {
  if (UseVnni())
    return int8_kernels_vnni::SelectCodesAt(codes, stride, positions, count, query, least, selected,
                                            scores);
  return HWY_DYNAMIC_DISPATCH(SelectCodesAt)(codes, stride, positions, count, query, least,
                                             selected, scores);
}

int32_t LargestScore(const int32_t* scores, size_t count) {
  return HWY_DYNAMIC_DISPATCH(LargestScore)(scores, count);
}

void AllowVnniForTest(bool allow) { use_vnni = allow && int8_kernels_vnni::Supported(); }

}  // namespace shortlist
#endif
