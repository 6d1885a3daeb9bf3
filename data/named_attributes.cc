#include "data/named_attributes.h"

#include <cmath>

#include "common/text/decimal.h"

namespace shortlist {

std::vector<NamedAttribute> NamedAttributesOf(std::span<const AttributeFieldData> schema,
                                              std::span<const uint32_t> codes,
                                              std::span<const std::vector<double>> numbers,
                                              size_t row) {
  std::vector<NamedAttribute> attributes;
  size_t number_field = 0;
  ForEachField(schema, codes,
               [&](const AttributeFieldData& field, std::vector<std::string> values) {
                 if (field.type == AttributeType::kNumber) {
                   values.clear();
                   const double number = numbers[number_field++][row];
                   if (std::isfinite(number)) values.push_back(FormatDecimal(number));
                 }
                 if (!values.empty())
                   attributes.push_back({.name = field.name, .values = std::move(values)});
               });
  return attributes;
}

}  // namespace shortlist
