#include "proto/text_proto.h"

#include <google/protobuf/io/tokenizer.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

// Keeps the first error of a parse.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(std::string file) : file_(std::move(file)) {}
  void AddError(int line, int column, const std::string& message) override {
    if (status.ok())
      status = absl::InvalidArgumentError(
          absl::StrCat(file_, ":", line + 1, ":", column + 1, ": ", message));
  }
  absl::Status status;

 private:
  std::string file_;
};

}  // namespace

absl::Status ParseTextProto(std::string_view text, const std::string& file,
                            google::protobuf::Message& message,
                            google::protobuf::TextFormat::ParseInfoTree* locations) {
  FirstError error(file);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (locations != nullptr) parser.WriteLocationsTo(locations);
  if (parser.ParseFromString(std::string(text), &message)) return absl::OkStatus();
  if (!error.status.ok()) return error.status;
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": not a ", message.GetDescriptor()->full_name()));
}

}  // namespace shortlist
