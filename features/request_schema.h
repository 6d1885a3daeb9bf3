// What the models of a bundle know of those who ask: the users that training saw, and the
// attributes that users and contexts can have. Codes of both index embeddings and weights.
//
// Immutable, memory-mapped, thread-safe; copies share the mapping.
//
//   ASSIGN_OR_RETURN(RequestSchema schema, RequestSchema::Open(file));
//   const AttributeSchema::Field* age = schema.users().FindField("age");
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
#include "features/attribute_schema.h"

namespace shortlist {

// Adds the arrays "users", "user_schema" and "context_schema" (docs/formats.md).
void AddRequestSchema(ArrayFileWriter& writer, std::span<const std::string> user_ids,
                      const std::vector<AttributeFieldData>& users,
                      const std::vector<AttributeFieldData>& contexts);

class RequestSchema {
 public:
  // DATA_LOSS names the array that is missing or wrong.
  static absl::StatusOr<RequestSchema> Open(const ArrayFile& file);

  const AttributeSchema& users() const { return users_; }
  const AttributeSchema& contexts() const { return contexts_; }
  // How many users the data set had.
  uint32_t user_count() const { return user_ids_.size(); }
  // Row of the user; none for one that the data set did not have.
  std::optional<uint32_t> FindUser(std::string_view user_id) const {
    return user_ids_.Find(user_id);
  }

 private:
  ArrayFile file_;
  StringTable user_ids_;
  AttributeSchema users_, contexts_;
};

}  // namespace shortlist
