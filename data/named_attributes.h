// Attributes of a data set's rows, from codes back to public names.
//
//   state.attributes = NamedAttributesOf(users.schema, CodesOf(users, row), numbers, row);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "features/attribute_schema.h"
#include "features/user_state.h"

namespace shortlist {

// Calls body(field, values) for each field, with the values that are among `codes`.
template <class Body>
void ForEachField(std::span<const AttributeFieldData> schema, std::span<const uint32_t> codes,
                  const Body& body) {
  uint32_t first_code = 0;
  for (const AttributeFieldData& field : schema) {
    const auto end_code = first_code + static_cast<uint32_t>(field.values.size());
    std::vector<std::string> values;
    for (uint32_t code : codes)
      if (first_code <= code && code < end_code) values.push_back(field.values[code - first_code]);
    body(field, std::move(values));
    first_code = end_code;
  }
}

// Those of a row: values of tokens, exact numbers; fields that it has nothing of are left out.
// `numbers`: one list by row for each numeric field, in the order of the schema.
std::vector<NamedAttribute> NamedAttributesOf(std::span<const AttributeFieldData> schema,
                                              std::span<const uint32_t> codes,
                                              std::span<const std::vector<double>> numbers,
                                              size_t row);

}  // namespace shortlist
