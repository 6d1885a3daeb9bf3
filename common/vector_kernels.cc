#include "common/vector_kernels.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/vector_kernels.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

// After the two above.
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace shortlist::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// As many numbers, as floats, as there are lanes.
template <class D>
hn::Vec<D> LoadFloats(D d, const float* HWY_RESTRICT values) {
  return hn::LoadU(d, values);
}

template <class D>
hn::Vec<D> LoadFloats(D d, const int8_t* HWY_RESTRICT codes) {
  const hn::Rebind<int8_t, D> bytes;
  const hn::Rebind<int32_t, D> words;
  return hn::ConvertTo(d, hn::PromoteTo(words, hn::LoadU(bytes, codes)));
}

template <class T>
float DotProductWith(const float* HWY_RESTRICT a, const T* HWY_RESTRICT b, size_t size) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  // Two accumulators hide the latency of the fused multiply-add.
  auto sum0 = hn::Zero(d);
  auto sum1 = hn::Zero(d);
  size_t i = 0;
  for (; i + 2 * lanes <= size; i += 2 * lanes) {
    sum0 = hn::MulAdd(hn::LoadU(d, a + i), LoadFloats(d, b + i), sum0);
    sum1 = hn::MulAdd(hn::LoadU(d, a + i + lanes), LoadFloats(d, b + i + lanes), sum1);
  }
  for (; i + lanes <= size; i += lanes)
    sum0 = hn::MulAdd(hn::LoadU(d, a + i), LoadFloats(d, b + i), sum0);
  float sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1)));
  for (; i < size; ++i) sum += a[i] * static_cast<float>(b[i]);
  return sum;
}

float DotProduct(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, size_t size) {
  return DotProductWith(a, b, size);
}

float DotProductOfCodes(const float* HWY_RESTRICT a, const int8_t* HWY_RESTRICT b, size_t size) {
  return DotProductWith(a, b, size);
}

// Of four rows at once, so that one row's sum does not wait for another's. The order in which each
// is summed is that of DotProductWith.
template <class T>
void DotProductsOfFour(const float* HWY_RESTRICT a, const T* HWY_RESTRICT const* rows, size_t size,
                       float* HWY_RESTRICT results) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const T* const row0 = rows[0];
  const T* const row1 = rows[1];
  const T* const row2 = rows[2];
  const T* const row3 = rows[3];
  auto even0 = hn::Zero(d), even1 = even0, even2 = even0, even3 = even0;
  auto odd0 = even0, odd1 = even0, odd2 = even0, odd3 = even0;
  size_t i = 0;
  for (; i + 2 * lanes <= size; i += 2 * lanes) {
    const auto even = hn::LoadU(d, a + i);
    even0 = hn::MulAdd(even, LoadFloats(d, row0 + i), even0);
    even1 = hn::MulAdd(even, LoadFloats(d, row1 + i), even1);
    even2 = hn::MulAdd(even, LoadFloats(d, row2 + i), even2);
    even3 = hn::MulAdd(even, LoadFloats(d, row3 + i), even3);
    const auto odd = hn::LoadU(d, a + i + lanes);
    odd0 = hn::MulAdd(odd, LoadFloats(d, row0 + i + lanes), odd0);
    odd1 = hn::MulAdd(odd, LoadFloats(d, row1 + i + lanes), odd1);
    odd2 = hn::MulAdd(odd, LoadFloats(d, row2 + i + lanes), odd2);
    odd3 = hn::MulAdd(odd, LoadFloats(d, row3 + i + lanes), odd3);
  }
  for (; i + lanes <= size; i += lanes) {
    const auto even = hn::LoadU(d, a + i);
    even0 = hn::MulAdd(even, LoadFloats(d, row0 + i), even0);
    even1 = hn::MulAdd(even, LoadFloats(d, row1 + i), even1);
    even2 = hn::MulAdd(even, LoadFloats(d, row2 + i), even2);
    even3 = hn::MulAdd(even, LoadFloats(d, row3 + i), even3);
  }
  results[0] = hn::GetLane(hn::SumOfLanes(d, hn::Add(even0, odd0)));
  results[1] = hn::GetLane(hn::SumOfLanes(d, hn::Add(even1, odd1)));
  results[2] = hn::GetLane(hn::SumOfLanes(d, hn::Add(even2, odd2)));
  results[3] = hn::GetLane(hn::SumOfLanes(d, hn::Add(even3, odd3)));
  for (; i < size; ++i)
    for (size_t r = 0; r < 4; ++r) results[r] += a[i] * static_cast<float>(rows[r][i]);
}

void DotProducts(const float* HWY_RESTRICT a, const float* HWY_RESTRICT rows, size_t count,
                 size_t size, float* HWY_RESTRICT results) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const float* const first = rows + i * size;
    const float* const four[] = {first, first + size, first + 2 * size, first + 3 * size};
    DotProductsOfFour(a, four, size, results + i);
  }
  for (; i < count; ++i) results[i] = DotProduct(a, rows + i * size, size);
}

template <class T>
void ProductsOfRows(const float* HWY_RESTRICT a, const T* HWY_RESTRICT table,
                    const uint32_t* HWY_RESTRICT rows, size_t count, size_t size,
                    float* HWY_RESTRICT results) {
  constexpr size_t kAhead = 16;
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (size_t next = i + kAhead; next < std::min(i + kAhead + 4, count); ++next) {
      const T* const ahead = table + rows[next] * size;
      for (size_t d = 0; d < size; d += 64 / sizeof(T)) __builtin_prefetch(ahead + d);
    }
    const T* const four[] = {table + rows[i] * size, table + rows[i + 1] * size,
                             table + rows[i + 2] * size, table + rows[i + 3] * size};
    DotProductsOfFour(a, four, size, results + i);
  }
  for (; i < count; ++i) results[i] = DotProductWith(a, table + rows[i] * size, size);
}

void DotProductsOfRows(const float* HWY_RESTRICT a, const float* HWY_RESTRICT table,
                       const uint32_t* HWY_RESTRICT rows, size_t count, size_t size,
                       float* HWY_RESTRICT results) {
  ProductsOfRows(a, table, rows, count, size, results);
}

void DotProductsOfCodeRows(const float* HWY_RESTRICT a, const int8_t* HWY_RESTRICT table,
                           const uint32_t* HWY_RESTRICT rows, size_t count, size_t size,
                           float* HWY_RESTRICT results) {
  ProductsOfRows(a, table, rows, count, size, results);
}

template <class T>
void AddScaledOf(float scale, const T* HWY_RESTRICT x, float* HWY_RESTRICT sum, size_t size) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes)
    hn::StoreU(hn::MulAdd(factor, LoadFloats(d, x + i), hn::LoadU(d, sum + i)), d, sum + i);
  for (; i < size; ++i) sum[i] += scale * static_cast<float>(x[i]);
}

void AddScaled(float scale, const float* HWY_RESTRICT x, float* HWY_RESTRICT sum, size_t size) {
  AddScaledOf(scale, x, sum, size);
}

void AddScaledCodes(float scale, const int8_t* HWY_RESTRICT x, float* HWY_RESTRICT sum,
                    size_t size) {
  AddScaledOf(scale, x, sum, size);
}

void WeightedRowSum(const float* HWY_RESTRICT table, size_t dim, const uint32_t* HWY_RESTRICT rows,
                    size_t count, const float* HWY_RESTRICT weights, float scale,
                    float* HWY_RESTRICT out) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale);
  size_t c = 0;
  // Four sums in registers at a time; rows come from anywhere in memory, so they are asked for
  // ahead.
  constexpr size_t kAhead = 8;
  constexpr size_t kLineFloats = 16;
  for (; c + 4 * lanes <= dim; c += 4 * lanes) {
    auto sum0 = hn::Zero(d);
    auto sum1 = hn::Zero(d);
    auto sum2 = hn::Zero(d);
    auto sum3 = hn::Zero(d);
    for (size_t i = 0; i < count; ++i) {
      if (i + kAhead < count) {
        const float* ahead = table + rows[i + kAhead] * dim + c;
        for (size_t line = 0; line < 4 * lanes; line += kLineFloats)
          __builtin_prefetch(ahead + line);
      }
      const float* x = table + rows[i] * dim + c;
      const auto weight = hn::Set(d, weights[rows[i]]);
      sum0 = hn::MulAdd(weight, hn::LoadU(d, x), sum0);
      sum1 = hn::MulAdd(weight, hn::LoadU(d, x + lanes), sum1);
      sum2 = hn::MulAdd(weight, hn::LoadU(d, x + 2 * lanes), sum2);
      sum3 = hn::MulAdd(weight, hn::LoadU(d, x + 3 * lanes), sum3);
    }
    hn::StoreU(hn::Mul(factor, sum0), d, out + c);
    hn::StoreU(hn::Mul(factor, sum1), d, out + c + lanes);
    hn::StoreU(hn::Mul(factor, sum2), d, out + c + 2 * lanes);
    hn::StoreU(hn::Mul(factor, sum3), d, out + c + 3 * lanes);
  }
  for (; c < dim; ++c) {
    float sum = 0;
    for (size_t i = 0; i < count; ++i) sum += weights[rows[i]] * table[rows[i] * dim + c];
    out[c] = scale * sum;
  }
}

void Scale(float scale, float* HWY_RESTRICT x, size_t size) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) hn::StoreU(hn::Mul(factor, hn::LoadU(d, x + i)), d, x + i);
  for (; i < size; ++i) x[i] *= scale;
}

float ExpAndSum(float* HWY_RESTRICT x, float scale, const float* HWY_RESTRICT offsets,
                size_t size) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale);
  auto sum = hn::Zero(d);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    const auto value =
        hn::Exp(d, hn::MulAdd(factor, hn::LoadU(d, x + i), hn::LoadU(d, offsets + i)));
    hn::StoreU(value, d, x + i);
    sum = hn::Add(sum, value);
  }
  float total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; i < size; ++i) total += x[i] = std::exp(scale * x[i] + offsets[i]);
  return total;
}

}  // namespace shortlist::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace shortlist {

HWY_EXPORT(DotProduct);
HWY_EXPORT(DotProductOfCodes);
HWY_EXPORT(DotProducts);
HWY_EXPORT(DotProductsOfRows);
HWY_EXPORT(DotProductsOfCodeRows);
HWY_EXPORT(AddScaled);
HWY_EXPORT(AddScaledCodes);
HWY_EXPORT(WeightedRowSum);
HWY_EXPORT(Scale);
HWY_EXPORT(ExpAndSum);

float DotProduct(const float* a, const float* b, size_t size) {
  return HWY_DYNAMIC_DISPATCH(DotProduct)(a, b, size);
}

float DotProduct(const float* a, const int8_t* b, size_t size) {
  return HWY_DYNAMIC_DISPATCH(DotProductOfCodes)(a, b, size);
}

void DotProducts(const float* a, const float* rows, size_t count, size_t size, float* results) {
  HWY_DYNAMIC_DISPATCH(DotProducts)(a, rows, count, size, results);
}

void DotProducts(const float* a, const float* table, const uint32_t* rows, size_t count,
                 size_t size, float* results) {
  HWY_DYNAMIC_DISPATCH(DotProductsOfRows)(a, table, rows, count, size, results);
}

void DotProducts(const float* a, const int8_t* table, const uint32_t* rows, size_t count,
                 size_t size, float* results) {
  HWY_DYNAMIC_DISPATCH(DotProductsOfCodeRows)(a, table, rows, count, size, results);
}

void AddScaled(float scale, const float* x, float* sum, size_t size) {
  HWY_DYNAMIC_DISPATCH(AddScaled)(scale, x, sum, size);
}

void AddScaled(float scale, const int8_t* x, float* sum, size_t size) {
  HWY_DYNAMIC_DISPATCH(AddScaledCodes)(scale, x, sum, size);
}

void WeightedRowSum(const float* table, size_t dim, const uint32_t* rows, size_t count,
                    const float* weights, float scale, float* out) {
  HWY_DYNAMIC_DISPATCH(WeightedRowSum)(table, dim, rows, count, weights, scale, out);
}

void Scale(float scale, float* x, size_t size) { HWY_DYNAMIC_DISPATCH(Scale)(scale, x, size); }

float ExpAndSum(float* x, float scale, const float* offsets, size_t size) {
  return HWY_DYNAMIC_DISPATCH(ExpAndSum)(x, scale, offsets, size);
}

}  // namespace shortlist
#endif
