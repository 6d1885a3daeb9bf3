// Rows of JSON lines: one object a line, whose members are the cells. Blank lines are no rows.
//
// Strings are cells without their quotes and escapes, numbers as they are written, true and false
// as 1 and 0, null and what is not there as empty cells. The elements of an array stand with
// kJoint between them. An object is an empty cell, and empty in an array.
//
//   JsonRows rows({"user", "item"});
//   rows.Start(text);
//   while (rows.Next()) Use(rows.cells());
//
// Not thread-safe; the text must outlive it, cells live until the next call of Next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace shortlist {

class JsonRows {
 public:
  // Stands between the elements of an array; a space in its place within one.
  static constexpr char kJoint = '|';

  // `keys` are those of the cells, in their order.
  explicit JsonRows(std::vector<std::string> keys);
  ~JsonRows();
  JsonRows(const JsonRows&) = delete;
  JsonRows& operator=(const JsonRows&) = delete;

  void Start(std::string_view text);
  bool Next();
  const absl::Status& status() const { return status_; }
  std::span<const std::string_view> cells() const { return cells_; }
  uint64_t line() const { return line_; }
  uint64_t lines_read() const { return line_; }
  // Whether the cell of the row is an array, or an object.
  bool IsArray(size_t cell) const { return is_array_[cell]; }
  bool IsObject(size_t cell) const { return is_object_[cell]; }

 private:
  struct Parser;

  absl::Status ReadObject(std::string_view line);

  std::vector<std::string> keys_;
  std::unique_ptr<Parser> parser_;
  std::string_view text_;
  size_t position_ = 0;
  uint64_t line_ = 0;
  absl::Status status_;
  std::vector<std::string_view> cells_;
  std::vector<std::string> arrays_;  // The joined elements of those cells that are arrays.
  std::vector<bool> is_array_, is_object_;
};

// The keys of the objects that can be read, each once, in the order of appearance.
std::vector<std::string> JsonKeys(std::string_view text);

}  // namespace shortlist
