#include "retrieval/index/code_kernels_vnni.h"

// Clang has no pragma for what follows, and does without these kernels.
#if defined(__x86_64__) && !defined(__clang__)

#include <immintrin.h>

namespace shortlist::code_kernels_vnni {

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
constexpr size_t kNibbleBlock = 32;  // Bytes of 64 dimensions.
// How far ahead rows are fetched: the processor itself stops at every page.
constexpr size_t kBytesAhead = 1024;

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

// The score of one row of bytes, spread over the lanes of the sum.
__m512i LanesOfBytes(const uint8_t* row, size_t stride, const int8_t* query) {
  __m512i sum = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(row),
                                    _mm512_loadu_si512(query));
  for (size_t d = 64; d < stride; d += 64)
    sum = _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(row + d), _mm512_loadu_si512(query + d));
  return sum;
}

// The scores of the rows of bytes row_at(0) ... row_at(15).
template <class RowAt>
__m512i Score16Bytes(const RowAt& row_at, size_t stride, const int8_t* query) {
  auto lanes = [&](size_t i) { return LanesOfBytes(row_at(i), stride, query); };
  auto four = [&](size_t i) {
    return AddPairs(AddLanes(lanes(i), lanes(i + 1)), AddLanes(lanes(i + 2), lanes(i + 3)));
  };
  return AddQuarters(AddQuarters(four(0), four(4)), AddQuarters(four(8), four(12)));
}

// Adds the products of 64 dimensions of two rows, one in each half of the vector.
__m512i AddNibbles(__m512i sum, __m512i two_rows, const int8_t* query) {
  const __m512i low_query =
      _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(query)));
  const __m512i high_query =
      _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(query + 32)));
  const __m512i mask = _mm512_set1_epi32(0x0F0F0F0F);
  sum = _mm512_dpbusd_epi32(sum, _mm512_and_si512(two_rows, mask), low_query);
  return _mm512_dpbusd_epi32(sum, _mm512_and_si512(_mm512_srli_epi32(two_rows, 4), mask),
                             high_query);
}

// The scores of two rows of nibbles, spread over the lanes of each half.
__m512i LanesOfNibbles(const uint8_t* row0, const uint8_t* row1, size_t stride,
                       const int8_t* query) {
  __m512i sum = _mm512_setzero_si512();
  for (size_t b = 0; b < stride; b += kNibbleBlock) {
    const __m256i half0 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row0 + b));
    const __m256i half1 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row1 + b));
    sum =
        AddNibbles(sum, _mm512_inserti64x4(_mm512_castsi256_si512(half0), half1, 1), query + 2 * b);
  }
  return sum;
}

// The scores of 16 rows of nibbles; lanes(i) gives those of rows 2 i and 2 i + 1.
template <class Lanes>
__m512i Score16Nibbles(const Lanes& lanes) {
  auto eight = [&](size_t i) {
    return AddPairs(AddLanes(lanes(i), lanes(i + 1)), AddLanes(lanes(i + 2), lanes(i + 3)));
  };
  // Even rows and odd rows by turns of four.
  const __m512i scores = AddQuarters(eight(0), eight(4));
  return _mm512_permutexvar_epi32(
      _mm512_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15), scores);
}

// Calls take(begin, valid, scores) for every 16 rows, of which the last may not all be valid.
// whole(begin) scores 16 valid rows, rest(begin) those that there are.
template <class Whole, class Rest, class Take>
void ForEach16(size_t count, const Whole& whole, const Rest& rest, Take&& take) {
  size_t begin = 0;
  for (; begin + kRowsAtOnce <= count; begin += kRowsAtOnce)
    take(begin, static_cast<__mmask16>(0xFFFF), whole(begin));
  if (begin < count) take(begin, static_cast<__mmask16>((1U << (count - begin)) - 1), rest(begin));
}

// Writes what is good enough of the scores given to it, and counts it.
class Selector {
 public:
  Selector(int32_t least, uint32_t* selected, int32_t* scores)
      : least_(_mm512_set1_epi32(least)), selected_(selected), scores_(scores) {}

  void operator()(size_t begin, __mmask16 valid, __m512i sixteen) {
    const __mmask16 good = _mm512_mask_cmpge_epi32_mask(valid, sixteen, least_);
    if (good == 0) return;
    // Compressed in a register, and all of it stored: compressing into memory is slow.
    const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i numbers = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(begin)), iota);
    _mm512_storeu_si512(selected_ + found_, _mm512_maskz_compress_epi32(good, numbers));
    _mm512_storeu_si512(scores_ + found_, _mm512_maskz_compress_epi32(good, sixteen));
    found_ += static_cast<size_t>(__builtin_popcount(good));
  }
  size_t found() const { return found_; }

 private:
  __m512i least_;
  uint32_t* selected_;
  int32_t* scores_;
  size_t found_ = 0;
};

}  // namespace

void ScoreBytes(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                int32_t* scores) {
  auto score = [=](auto row_at) { return Score16Bytes(row_at, stride, query); };
  ForEach16(
      count,
      [=](size_t begin) { return score([=](size_t i) { return rows + (begin + i) * stride; }); },
      [=](size_t begin) {
        // The last row stands in for those beyond it.
        return score(
            [=](size_t i) { return rows + (begin + i < count ? begin + i : count - 1) * stride; });
      },
      [=](size_t begin, __mmask16 valid, __m512i sixteen) {
        _mm512_mask_storeu_epi32(scores + begin, valid, sixteen);
      });
}

size_t SelectNibbles(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                     int32_t least, uint32_t* selected, int32_t* scores) {
  Selector select(least, selected, scores);
  auto row_at = [=](size_t i) { return rows + (i < count ? i : count - 1) * stride; };
  auto any = [=](size_t begin) {
    return Score16Nibbles([=](size_t i) {
      return LanesOfNibbles(row_at(begin + 2 * i), row_at(begin + 2 * i + 1), stride, query);
    });
  };
  if (stride == kNibbleBlock) {
    ForEach16(
        count,
        [=](size_t begin) {
          const uint8_t* ahead = rows + begin * kNibbleBlock + kBytesAhead;
          for (size_t line = 0; line < kRowsAtOnce * kNibbleBlock; line += 64)
            _mm_prefetch(reinterpret_cast<const char*>(ahead + line), _MM_HINT_T0);
          return Score16Nibbles([=](size_t i) {
            return AddNibbles(_mm512_setzero_si512(),
                              _mm512_loadu_si512(rows + (begin + 2 * i) * kNibbleBlock), query);
          });
        },
        any, select);
  } else {
    ForEach16(count, any, any, select);
  }
  return select.found();
}

size_t SelectNibblesAt(const uint8_t* rows, size_t stride, const uint32_t* positions, size_t count,
                       const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores) {
  constexpr size_t kAhead = 32;
  Selector select(least, selected, scores);
  auto row_at = [=](size_t i) {
    if (i + kAhead < count)
      _mm_prefetch(reinterpret_cast<const char*>(rows + positions[i + kAhead] * stride),
                   _MM_HINT_T0);
    return rows + positions[i < count ? i : count - 1] * stride;
  };
  auto any = [=](size_t begin) {
    return Score16Nibbles([=](size_t i) {
      return LanesOfNibbles(row_at(begin + 2 * i), row_at(begin + 2 * i + 1), stride, query);
    });
  };
  ForEach16(count, any, any, select);
  return select.found();
}

#pragma GCC diagnostic pop
#pragma GCC pop_options

}  // namespace shortlist::code_kernels_vnni

#else

namespace shortlist::code_kernels_vnni {

bool Supported() { return false; }
void ScoreBytes(const uint8_t*, size_t, size_t, const int8_t*, int32_t*) {}
size_t SelectNibbles(const uint8_t*, size_t, size_t, const int8_t*, int32_t, uint32_t*, int32_t*) {
  return 0;
}
size_t SelectNibblesAt(const uint8_t*, size_t, const uint32_t*, size_t, const int8_t*, int32_t,
                       uint32_t*, int32_t*) {
  return 0;
}

}  // namespace shortlist::code_kernels_vnni

#endif
