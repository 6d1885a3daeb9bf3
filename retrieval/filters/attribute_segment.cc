#include "retrieval/filters/attribute_segment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "common/text/decimal.h"

namespace shortlist {

AttributeSegment::AttributeSegment(const Catalog& catalog, ItemRow begin, ItemRow end)
    : begin_(begin), end_(end), numbers_(catalog.schema().fields().size()) {
  const auto& fields = catalog.schema().fields();
  for (ItemRow row = begin; row < end; ++row) {
    for (uint32_t code : catalog.codes(row)) by_code_[code].add(row);
    catalog.ForEachUncoded(row, [&](uint32_t field, std::string_view value) {
      uncoded_[{field, std::string(value)}].add(row);
    });
  }
  for (uint32_t f = 0; f < fields.size(); ++f) {
    if (fields[f].type != AttributeType::kNumber) continue;
    for (ItemRow row = begin; row < end; ++row)
      if (const double number = catalog.numbers(f)[row]; !std::isnan(number))
        numbers_[f].emplace_back(number, row);
    std::sort(numbers_[f].begin(), numbers_[f].end());
  }
}

Roaring AttributeSegment::Matching(const FilterConditions& conditions,
                                   const AttributeSchema& schema) const {
  Roaring rows;
  rows.addRange(begin_, end_);
  for (const FilterCondition& condition : conditions.all_of) rows &= Matching(condition, schema);
  if (!conditions.any_of.empty()) {
    Roaring any;
    for (const FilterCondition& condition : conditions.any_of) any |= Matching(condition, schema);
    rows &= any;
  }
  for (const FilterCondition& condition : conditions.none_of) rows -= Matching(condition, schema);
  return rows;
}

Roaring AttributeSegment::Matching(const FilterCondition& condition,
                                   const AttributeSchema& schema) const {
  const AttributeSchema::Field& field = *schema.FindField(condition.attribute);
  const auto position = static_cast<uint32_t>(&field - schema.fields().data());
  Roaring rows;
  if (condition.range) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    AddNumbers(position, condition.range->min.value_or(-kInfinity),
               condition.range->max.value_or(kInfinity), rows);
    return rows;
  }
  auto add = [&](const auto& map, const auto& key) {
    if (const auto found = map.find(key); found != map.end()) rows |= found->second;
  };
  for (const std::string& value : condition.any_value) {
    if (field.type == AttributeType::kNumber) {
      if (const auto number = ParseDecimal(value)) AddNumbers(position, *number, *number, rows);
    } else if (const auto code = schema.Encode(field, value)) {
      add(by_code_, *code);
    } else {
      add(uncoded_, std::pair(position, value));
    }
  }
  return rows;
}

void AttributeSegment::AddNumbers(uint32_t field, double min, double max, Roaring& rows) const {
  const auto& numbers = numbers_[field];
  for (auto it = std::lower_bound(numbers.begin(), numbers.end(), std::pair(min, ItemRow{0}));
       it != numbers.end() && it->first <= max; ++it)
    rows.add(it->second);
}

}  // namespace shortlist
