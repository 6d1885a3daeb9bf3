// The kernels of retrieval/index/code_kernels.h with AVX-512 VNNI, for that file's use.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shortlist::code_kernels_vnni {

// Whether this machine has the instructions. The functions must not be called otherwise.
bool Supported();

void ScoreBytes(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                int32_t* scores);
size_t SelectNibbles(const uint8_t* rows, size_t stride, size_t count, const int8_t* query,
                     int32_t least, uint32_t* selected, int32_t* scores);
size_t SelectNibblesAt(const uint8_t* rows, size_t stride, const uint32_t* positions, size_t count,
                       const int8_t* query, int32_t least, uint32_t* selected, int32_t* scores);

}  // namespace shortlist::code_kernels_vnni
