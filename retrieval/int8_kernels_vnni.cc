#include "retrieval/int8_kernels_vnni.h"

#if defined(__x86_64__)

#include <immintrin.h>

namespace shortlist::int8_kernels_vnni {

bool Supported() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni");
}

// Everything from here on may use the instructions, and nothing else is compiled here: an inline
// function of a header, compiled with them, could be the one that the linker keeps for all.
#pragma GCC push_options
// GCC 12 warns of its own header.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC target("avx512f,avx512vnni")

namespace {

constexpr size_t kRowsAtOnce = 16;

// The score of one code, spread over the lanes of the sum.
__m512i LanesOfScore(const uint8_t* row, size_t stride, const int8_t* query) {
  __m512i sum = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(row),
                                    _mm512_loadu_si512(query));
  for (size_t d = 64; d < stride; d += 64)
    sum = _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(row + d), _mm512_loadu_si512(query + d));
  return sum;
}

// Each of these adds one half of every vector to its other half, and puts the sums of the two
// vectors side by side: of single lanes, of pairs, and of quarters of the vector.
__m512i AddLanes(__m512i a, __m512i b) {
  return _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
}
__m512i AddPairs(__m512i a, __m512i b) {
  return _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}
__m512i AddQuarters(__m512i a, __m512i b) {
  return _mm512_add_epi32(_mm512_shuffle_i32x4(a, b, 0x88), _mm512_shuffle_i32x4(a, b, 0xDD));
}

// The scores of row_at(0) ... row_at(15).
template <class RowAt>
__m512i ScoresOf16(const RowAt& row_at, size_t stride, const int8_t* query) {
  auto lanes = [&](size_t i) { return LanesOfScore(row_at(i), stride, query); };
  auto four = [&](size_t i) {
    return AddPairs(AddLanes(lanes(i), lanes(i + 1)), AddLanes(lanes(i + 2), lanes(i + 3)));
  };
  return AddQuarters(AddQuarters(four(0), four(4)), AddQuarters(four(8), four(12)));
}

// Calls take(begin, valid, scores) for every 16 codes, of which the last may not all be valid.
template <class RowAt, class Take>
void Score(const RowAt& row_at, size_t stride, size_t count, const int8_t* query,
           const Take& take) {
  size_t begin = 0;
  for (; begin + kRowsAtOnce <= count; begin += kRowsAtOnce)
    take(begin, static_cast<__mmask16>(0xFFFF),
         ScoresOf16([&](size_t i) { return row_at(begin + i); }, stride, query));
  if (begin == count) return;
  // The last row stands in for those beyond it.
  take(begin, static_cast<__mmask16>((1U << (count - begin)) - 1),
       ScoresOf16([&](size_t i) { return row_at(begin + i < count ? begin + i : count - 1); },
                  stride, query));
}

template <class RowAt>
size_t Select(const RowAt& row_at, size_t stride, size_t count, const int8_t* query, int32_t least,
              uint32_t* selected, int32_t* scores) {
  const __m512i threshold = _mm512_set1_epi32(least);
  const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  size_t found = 0;
  Score(row_at, stride, count, query, [&](size_t begin, __mmask16 valid, __m512i sixteen) {
    const __mmask16 good = _mm512_mask_cmpge_epi32_mask(valid, sixteen, threshold);
    if (good == 0) return;
    // Compressed in a register, and all of it stored: compressing into memory is slow.
    const __m512i numbers = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(begin)), iota);
    _mm512_storeu_si512(selected + found, _mm512_maskz_compress_epi32(good, numbers));
    _mm512_storeu_si512(scores + found, _mm512_maskz_compress_epi32(good, sixteen));
    found += static_cast<size_t>(__builtin_popcount(good));
  });
  return found;
}

}  // namespace

void ScoreCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                int32_t* scores) {
  Score([=](size_t i) { return codes + i * stride; }, stride, count, query,
        [=](size_t begin, __mmask16 valid, __m512i sixteen) {
          _mm512_mask_storeu_epi32(scores + begin, valid, sixteen);
        });
}

size_t SelectCodes(const uint8_t* codes, size_t stride, size_t count, const int8_t* query,
                   int32_t least, uint32_t* selected, int32_t* scores) {
  return Select([=](size_t i) { return codes + i * stride; }, stride, count, query, least, selected,
                scores);
}

size_t SelectCodesAt(const uint8_t* codes, size_t stride, const uint32_t* positions, size_t count,
                     const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores) {
  constexpr size_t kAhead = 32;
  return Select(
      [=](size_t i) {
        if (i + kAhead < count)
          _mm_prefetch(reinterpret_cast<const char*>(codes + positions[i + kAhead] * stride),
                       _MM_HINT_T0);
        return codes + positions[i] * stride;
      },
      stride, count, query, least, selected, scores);
}

#pragma GCC diagnostic pop
#pragma GCC pop_options

}  // namespace shortlist::int8_kernels_vnni

#else

namespace shortlist::int8_kernels_vnni {

bool Supported() { return false; }
void ScoreCodes(const uint8_t*, size_t, size_t, const int8_t*, int32_t*) {}
size_t SelectCodes(const uint8_t*, size_t, size_t, const int8_t*, int32_t, uint32_t*, int32_t*) {
  return 0;
}
size_t SelectCodesAt(const uint8_t*, size_t, const uint32_t*, size_t, const int8_t*, int32_t,
                     uint32_t*, int32_t*) {
  return 0;
}

}  // namespace shortlist::int8_kernels_vnni

#endif
