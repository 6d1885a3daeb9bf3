// Parses a request from the wire, so that bytes that cannot be parsed are the caller's error and
// say which field they are in. (Left to itself, gRPC answers INTERNAL without a message when
// protobuf refuses a string that is not UTF-8.)
#pragma once

#include <string_view>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include "absl/status/status.h"

namespace shortlist {

// INVALID_ARGUMENT names the string field that is not UTF-8, or says that the bytes are no such
// message. The buffer is left as it was.
absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message& request);

// Why the bytes cannot be parsed as a message of this type.
absl::Status ExplainParseFailure(std::string_view bytes, const google::protobuf::Descriptor& type);

}  // namespace shortlist
