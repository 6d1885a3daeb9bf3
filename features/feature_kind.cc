#include "features/feature_kind.h"

#include <xxhash.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace shortlist {

uint32_t FeatureSlot::IndexOfCell(uint32_t cell) const {
  const uint32_t size = feature->hash_size;
  if (size != 0) cell = static_cast<uint32_t>(XXH3_64bits(&cell, sizeof cell) % size);
  return first_index + cell;
}

float FeatureComputer::Number(const FeatureSlot& slot, const FeatureRequest& request,
                              const Candidate& /*candidate*/, size_t position) const {
  return request.columns[slot.columns].numbers[position];
}

void FeatureComputer::AddValues(const FeatureSlot& slot, const FeatureRequest& request,
                                const Candidate& /*candidate*/, size_t position,
                                std::vector<FeatureValue>& values) const {
  const uint8_t category = request.columns[slot.columns].categories[position];
  if (category > 0) values.push_back({slot.first_index + category - 1, 1});
}

std::string FeatureComputer::Describe(const FeatureSlot& slot, const FeatureRequest& request,
                                      const Candidate& candidate, size_t position) const {
  return absl::StrFormat("%.2f", Number(slot, request, candidate, position));
}

std::span<const uint32_t> CodesOfField(std::span<const uint32_t> codes,
                                       const AttributeSchema::Field& field) {
  const auto begin = std::lower_bound(codes.begin(), codes.end(), field.first_code);
  const auto end = std::lower_bound(begin, codes.end(), field.first_code + field.values.size());
  return {begin, end};
}

std::string NamesOf(std::span<const uint32_t> codes, const AttributeSchema::Field& field) {
  std::vector<std::string> names;
  for (uint32_t code : CodesOfField(codes, field))
    names.emplace_back(field.values[code - field.first_code]);
  return absl::StrJoin(names, ", ");
}

std::string NameOf(ItemRow item, const Catalog& catalog) {
  if (item == kNoItem) return "none";
  const std::string_view title = catalog.title(item);
  return std::string(title.empty() ? catalog.id(item) : title);
}

}  // namespace shortlist
