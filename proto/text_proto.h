// Protobuf messages written by hand or for reading: their text form.
#pragma once

#include <string>
#include <string_view>

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include "absl/status/status.h"

namespace shortlist {

// Fills in `message`. INVALID_ARGUMENT "FILE:LINE:COLUMN: REASON" for malformed text and for
// fields that the message does not have.
// `locations`, where given, is told where each field was.
absl::Status ParseTextProto(std::string_view text, const std::string& file,
                            google::protobuf::Message& message,
                            google::protobuf::TextFormat::ParseInfoTree* locations = nullptr);

}  // namespace shortlist
