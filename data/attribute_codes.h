// Attributes by row, such as those of users: a schema, and which of its values each row has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "features/attribute_schema.h"

namespace shortlist {

// In CSR form: row i has codes[offsets[i], offsets[i + 1]), ascending.
struct AttributeCodes {
  std::vector<AttributeFieldData> schema;
  std::vector<uint64_t> offsets;
  std::vector<uint32_t> codes;
};

// Codes of one row of arrays in that form; none where there are no attributes at all.
inline std::span<const uint32_t> CodesOf(std::span<const uint64_t> offsets,
                                         std::span<const uint32_t> codes, size_t row) {
  if (offsets.empty()) return {};
  return codes.subspan(offsets[row], offsets[row + 1] - offsets[row]);
}

inline std::span<const uint32_t> CodesOf(const AttributeCodes& attributes, size_t row) {
  return CodesOf(attributes.offsets, attributes.codes, row);
}

}  // namespace shortlist
