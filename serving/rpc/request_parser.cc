#include "serving/rpc/request_parser.h"

#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "common/text/utf8.h"

namespace shortlist {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// Reads the message as if nothing were known of its type, which checks no strings, and then goes
// through it with the type in hand.
absl::Status FindMalformedText(const std::string& bytes, const Descriptor& type,
                               const FieldPath* parent) {
  UnknownFieldSet fields;
  if (!fields.ParseFromString(bytes)) return absl::OkStatus();
  std::map<int, int> occurrences;  // By field number.
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    const FieldDescriptor* known = type.FindFieldByNumber(field.number());
    if (known == nullptr || field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    const int index = known->is_repeated() ? occurrences[field.number()]++ : -1;
    const FieldPath path{parent, known->name(), index};
    if (known->type() == FieldDescriptor::TYPE_STRING && !IsUtf8(field.length_delimited()))
      return Invalid(path, "is not valid UTF-8");
    if (known->type() == FieldDescriptor::TYPE_MESSAGE)
      RETURN_IF_ERROR(FindMalformedText(field.length_delimited(), *known->message_type(), &path));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message& request) {
  grpc::ByteBuffer copy(bytes);  // Counts references; the reader wants to modify it.
  if (grpc::ProtoBufferReader reader(&copy);
      reader.status().ok() && request.ParseFromZeroCopyStream(&reader))
    return absl::OkStatus();
  std::vector<grpc::Slice> slices;
  std::string content;
  if (bytes.Dump(&slices).ok())
    for (const grpc::Slice& slice : slices)
      content.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return ExplainParseFailure(content, *request.GetDescriptor());
}

absl::Status ExplainParseFailure(std::string_view bytes, const Descriptor& type) {
  RETURN_IF_ERROR(FindMalformedText(std::string(bytes), type, /*parent=*/nullptr));
  return absl::InvalidArgumentError(
      absl::StrCat("the request is not a ", type.full_name(), " message"));
}

}  // namespace shortlist
