#include "features/item_encoder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/text/decimal.h"

namespace shortlist {
namespace {

std::optional<double> FiniteNumber(const std::string& value) {
  const std::optional<double> number = ParseDecimal(value);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

template <class Values>
void SortAndDeduplicate(Values& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

absl::Status CheckItemAttributes(const std::vector<NamedAttribute>& attributes,
                                 const AttributeSchema& schema, const FieldPath& path) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < attributes.size(); ++i) {
    const NamedAttribute& attribute = attributes[i];
    const FieldPath here{&path, "attributes", static_cast<int>(i)};
    const AttributeSchema::Field* field = schema.FindField(attribute.name);
    if (field == nullptr)
      return Invalid({&here, "name"}, absl::StrCat("unknown item attribute \"", attribute.name,
                                                   "\"; the catalog has: ", schema.FieldNames()));
    if (!seen.insert(attribute.name).second)
      return Invalid({&here, "name"}, absl::StrCat("\"", attribute.name, "\" is there twice"));
    if (field->type != AttributeType::kTokens && attribute.values.size() > 1)
      return Invalid({&here, "values"},
                     absl::StrCat("\"", attribute.name, "\" has one value at most"));
    for (size_t v = 0; v < attribute.values.size(); ++v) {
      const FieldPath value{&here, "values", static_cast<int>(v)};
      if (attribute.values[v].empty()) return Invalid(value, "is empty");
      if (field->type == AttributeType::kNumber && !FiniteNumber(attribute.values[v]))
        return Invalid(value, absl::StrCat("\"", attribute.values[v], "\" is not a number"));
    }
  }
  return absl::OkStatus();
}

EncodedItem EncodeItem(const std::string& title, const std::vector<NamedAttribute>& attributes,
                       const AttributeSchema& schema) {
  EncodedItem item{.title = title};
  item.numbers.assign(schema.fields().size(), std::numeric_limits<double>::quiet_NaN());
  for (const NamedAttribute& attribute : attributes) {
    const AttributeSchema::Field* field = schema.FindField(attribute.name);
    if (field == nullptr) continue;
    const auto position = static_cast<uint32_t>(field - schema.fields().data());
    for (const std::string& value : attribute.values) {
      if (field->type == AttributeType::kNumber) {
        const std::optional<double> number = FiniteNumber(value);
        if (!number) continue;
        item.numbers[position] = *number;
        if (const auto code = schema.EncodeNumber(*field, *number)) item.codes.push_back(*code);
      } else if (const auto code = schema.Encode(*field, value)) {
        item.codes.push_back(*code);
      } else if (!value.empty()) {
        item.uncoded.emplace_back(position, value);
      }
      if (field->type != AttributeType::kTokens) break;  // It has one value at most.
    }
  }
  SortAndDeduplicate(item.codes);
  SortAndDeduplicate(item.uncoded);
  return item;
}

bool HasContent(const Catalog& catalog, ItemRow row, const EncodedItem& item) {
  const std::span<const uint32_t> codes = catalog.codes(row);
  if (catalog.title(row) != item.title ||
      !std::equal(codes.begin(), codes.end(), item.codes.begin(), item.codes.end()))
    return false;
  for (uint32_t f = 0; f < item.numbers.size(); ++f) {
    if (catalog.numbers(f).empty()) continue;
    const double number = catalog.numbers(f)[row];
    if (number != item.numbers[f] && !(std::isnan(number) && std::isnan(item.numbers[f])))
      return false;
  }
  size_t uncoded = 0;
  bool same = true;
  catalog.ForEachUncoded(row, [&](uint32_t field, std::string_view value) {
    same = same && uncoded < item.uncoded.size() && item.uncoded[uncoded].first == field &&
           item.uncoded[uncoded].second == value;
    ++uncoded;
  });
  return same && uncoded == item.uncoded.size();
}

}  // namespace shortlist
