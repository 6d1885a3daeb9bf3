#include "features/attribute_schema.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"

namespace shortlist {
namespace {

std::string FieldArray(const std::string& name, size_t field, std::string_view what) {
  return name + "." + std::to_string(field) + "." + std::string(what);
}

}  // namespace

void AddAttributeSchema(ArrayFileWriter& writer, const std::string& name,
                        const std::vector<AttributeFieldData>& fields) {
  std::vector<std::string> names;
  std::vector<uint8_t> types;
  for (size_t f = 0; f < fields.size(); ++f) {
    names.push_back(fields[f].name);
    types.push_back(static_cast<uint8_t>(fields[f].type));
    AddStringTable(writer, FieldArray(name, f, "values"), fields[f].values);
    writer.AddOwned(FieldArray(name, f, "bucket_edges"), fields[f].bucket_edges);
  }
  AddStringTable(writer, name + ".names", names);
  writer.AddOwned(name + ".types", std::move(types));
}

absl::StatusOr<AttributeSchema> AttributeSchema::Open(const ArrayFile& file,
                                                      const std::string& name) {
  AttributeSchema schema;
  ASSIGN_OR_RETURN(StringTable names, StringTable::Open(file, name + ".names"));
  ASSIGN_OR_RETURN(std::span<const uint8_t> types,
                   file.Get<uint8_t>(name + ".types", names.size()));
  for (uint32_t f = 0; f < names.size(); ++f) {
    Field field{.name = std::string(names[f]),
                .type = static_cast<AttributeType>(types[f]),
                .first_code = schema.code_count_,
                .values = {},
                .bucket_edges = {}};
    ASSIGN_OR_RETURN(field.values, StringTable::Open(file, FieldArray(name, f, "values")));
    ASSIGN_OR_RETURN(field.bucket_edges, file.Get<double>(FieldArray(name, f, "bucket_edges")));
    bool type_known = field.type >= AttributeType::kToken && field.type <= AttributeType::kNumber;
    size_t expected_edges = field.type == AttributeType::kNumber && field.values.size() > 0
                                ? field.values.size() - 1
                                : 0;
    if (!type_known || field.bucket_edges.size() != expected_edges ||
        !std::is_sorted(field.bucket_edges.begin(), field.bucket_edges.end()))
      return absl::DataLossError(
          absl::StrCat(file.path(), ": attribute ", field.name, " of ", name, " is invalid"));
    schema.code_count_ += field.values.size();
    schema.fields_.push_back(std::move(field));
  }
  return schema;
}

const AttributeSchema::Field* AttributeSchema::FindField(std::string_view name) const {
  auto it = std::find_if(fields_.begin(), fields_.end(),
                         [&](const Field& field) { return field.name == name; });
  return it == fields_.end() ? nullptr : &*it;
}

std::string AttributeSchema::FieldNames() const {
  if (fields_.empty()) return "none";
  return absl::StrJoin(fields_, ", ", [](std::string* out, const Field& field) {
    absl::StrAppend(out, field.name);
  });
}

uint32_t AttributeSchema::FieldOf(uint32_t code) const {
  auto it = std::upper_bound(fields_.begin(), fields_.end(), code,
                             [](uint32_t c, const Field& field) { return c < field.first_code; });
  return static_cast<uint32_t>(it - fields_.begin()) - 1;
}

std::string AttributeSchema::CodeName(uint32_t code) const {
  const Field& field = fields_[FieldOf(code)];
  return field.name + "=" + std::string(field.values[code - field.first_code]);
}

std::optional<uint32_t> AttributeSchema::Encode(const Field& field, std::string_view value) const {
  if (std::optional<uint32_t> position = field.values.Find(value))
    return field.first_code + *position;
  if (field.type != AttributeType::kNumber) return std::nullopt;
  const std::optional<double> number = ParseDecimal(value);
  return number ? EncodeNumber(field, *number) : std::nullopt;
}

std::optional<uint32_t> AttributeSchema::EncodeNumber(const Field& field, double value) const {
  if (!std::isfinite(value) || field.values.size() == 0) return std::nullopt;
  auto bucket = std::upper_bound(field.bucket_edges.begin(), field.bucket_edges.end(), value) -
                field.bucket_edges.begin();
  return field.first_code + static_cast<uint32_t>(bucket);
}

}  // namespace shortlist
