// The lines of a text in memory, with their numbers for error messages. Large texts show progress.
// Not thread-safe; the text must outlive it and its lines.
//
//   LineReader reader(path, content);
//   while (std::optional<std::string_view> line = reader.Next()) {
//     if (line->empty()) return reader.Error("the line is empty");
//   }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/progress.h"

namespace shortlist {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class LineReader {
 public:
  // `path` is what messages say. A byte order mark is skipped.
  LineReader(std::string path, std::string_view content);

  // The next line without its end, LF or CRLF; none after the last.
  std::optional<std::string_view> Next();
  // Number of the line that Next returned last, from 1.
  uint64_t line_number() const { return line_number_; }
  // `path:line: reason`, with the line that Next returned last unless another is given.
  absl::Status Error(std::string_view reason) const { return Error(reason, line_number_); }
  absl::Status Error(std::string_view reason, uint64_t line) const;

  // Where the reader is, for going back there.
  struct Position {
    size_t offset;
    uint64_t line_number;
  };
  Position position() const { return {offset_, line_number_}; }
  void Rewind(const Position& position);

 private:
  std::string path_;
  std::string_view content_;
  size_t offset_ = 0;
  uint64_t line_number_ = 0;
  std::optional<Progress> progress_;
};

}  // namespace shortlist
