#include "features/request_schema.h"

#include "common/status_macros.h"

namespace shortlist {

void AddRequestSchema(ArrayFileWriter& writer, std::span<const std::string> user_ids,
                      const std::vector<AttributeFieldData>& users,
                      const std::vector<AttributeFieldData>& contexts) {
  AddStringTable(writer, "users", user_ids);
  AddAttributeSchema(writer, "user_schema", users);
  AddAttributeSchema(writer, "context_schema", contexts);
}

absl::StatusOr<RequestSchema> RequestSchema::Open(const ArrayFile& file) {
  RequestSchema schema;
  schema.file_ = file;
  ASSIGN_OR_RETURN(schema.user_ids_, StringTable::Open(file, "users"));
  ASSIGN_OR_RETURN(schema.users_, AttributeSchema::Open(file, "user_schema"));
  ASSIGN_OR_RETURN(schema.contexts_, AttributeSchema::Open(file, "context_schema"));
  return schema;
}

}  // namespace shortlist
