// The attributes that a kind of thing (items, users, contexts) can have, and the dense code of
// every value. A code identifies field and value at once: the codes of field f are
// [first_code(f), first_code(f) + field(f).values.size()). Codes index embeddings and weights.
//
// A numeric field has one code for each of its buckets, whose edges were learned from data; the
// exact numbers of items are kept by the catalog.
//
// Immutable, thread-safe; a view that lives as long as the ArrayFile it was opened from.
//
//   std::optional<uint32_t> code = schema.Encode("genre", "Comedy");
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "common/string_table.h"

namespace shortlist {

enum class AttributeType : uint8_t {
  kToken = 1,  // At most one value of a closed set.
  kTokens,     // Any number of values of a closed set.
  kNumber,     // One number.
};

// What a schema is made of, before it is written.
struct AttributeFieldData {
  std::string name;
  AttributeType type = AttributeType::kToken;
  std::vector<std::string> values;   // For kNumber: a readable name for each bucket.
  std::vector<double> bucket_edges;  // For kNumber: values.size() - 1 ascending inner edges.
};

void AddAttributeSchema(ArrayFileWriter& writer, const std::string& name,
                        const std::vector<AttributeFieldData>& fields);

class AttributeSchema {
 public:
  struct Field {
    std::string name;
    AttributeType type;
    uint32_t first_code;
    StringTable values;
    std::span<const double> bucket_edges;
  };

  static absl::StatusOr<AttributeSchema> Open(const ArrayFile& file, const std::string& name);

  const std::vector<Field>& fields() const { return fields_; }
  // Number of codes over all fields.
  uint32_t code_count() const { return code_count_; }
  // Null when there is no such field.
  const Field* FindField(std::string_view name) const;
  // The names of all fields for an error message: "genre, year", or "none".
  std::string FieldNames() const;
  // Position in fields() of the field that a code belongs to.
  uint32_t FieldOf(uint32_t code) const;
  // "genre=Comedy"
  std::string CodeName(uint32_t code) const;

  // The code of a value; of a numeric field, that of the bucket which the value names or, as a
  // decimal number, falls into. None when the value is not known (or no finite number).
  std::optional<uint32_t> Encode(const Field& field, std::string_view value) const;
  std::optional<uint32_t> EncodeNumber(const Field& field, double value) const;

 private:
  std::vector<Field> fields_;
  uint32_t code_count_ = 0;
};

}  // namespace shortlist
