// Protobuf messages as lines of JSON, out of a file or standard input, and errors that say which
// line. Not thread-safe.
//
//   ASSIGN_OR_RETURN(JsonLines lines, JsonLines::Open("events.jsonl"));
//   v1::Event event;
//   ASSIGN_OR_RETURN(const bool more, lines.Next("an event", event));
#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace shortlist {

class JsonLines {
 public:
  // "-": standard input. Errors name the file.
  static absl::StatusOr<JsonLines> Open(const std::string& path);
  // `name` is what errors call the input.
  JsonLines(std::shared_ptr<std::istream> input, std::string name)
      : input_(std::move(input)), name_(std::move(name)) {}

  // Fills in the message of the next line that is not empty; false at the end. INVALID_ARGUMENT
  // "NAME:LINE: not WHAT: ..." for a line that holds something else; DATA_LOSS where the input
  // cannot be read.
  absl::StatusOr<bool> Next(std::string_view what, google::protobuf::Message& message);
  // Of the last message, from 1.
  size_t line() const { return line_; }
  // "NAME:LINE"
  std::string PlaceOf(size_t line) const;

 private:
  std::shared_ptr<std::istream> input_;
  std::string name_;
  size_t line_ = 0;
};

// What a service says of a message of a batch, "events[3].rating: ..." with the field "events",
// said of the place of that message: "events.jsonl:12: rating: ...". Any other status as it is.
absl::Status AtPlace(const absl::Status& status, std::string_view field,
                     std::span<const std::string> places);

}  // namespace shortlist
