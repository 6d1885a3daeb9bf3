#include "common/vector_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/vector_kernels.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace shortlist::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

float DotProduct(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, size_t size) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  // Two accumulators hide the latency of the fused multiply-add.
  auto sum0 = hn::Zero(d);
  auto sum1 = hn::Zero(d);
  size_t i = 0;
  for (; i + 2 * lanes <= size; i += 2 * lanes) {
    sum0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), sum0);
    sum1 = hn::MulAdd(hn::LoadU(d, a + i + lanes), hn::LoadU(d, b + i + lanes), sum1);
  }
  for (; i + lanes <= size; i += lanes)
    sum0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), sum0);
  float sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1)));
  for (; i < size; ++i) sum += a[i] * b[i];
  return sum;
}

void DotProducts(const float* HWY_RESTRICT a, const float* HWY_RESTRICT rows, size_t count,
                 size_t size, float* HWY_RESTRICT results) {
  for (size_t i = 0; i < count; ++i) results[i] = DotProduct(a, rows + i * size, size);
}

}  // namespace shortlist::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace shortlist {

HWY_EXPORT(DotProduct);
HWY_EXPORT(DotProducts);

float DotProduct(const float* a, const float* b, size_t size) {
  return HWY_DYNAMIC_DISPATCH(DotProduct)(a, b, size);
}

void DotProducts(const float* a, const float* rows, size_t count, size_t size, float* results) {
  HWY_DYNAMIC_DISPATCH(DotProducts)(a, rows, count, size, results);
}

}  // namespace shortlist
#endif
