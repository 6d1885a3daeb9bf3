// The rows of a table in blocks of about a megabyte, so that a table of any size takes the same
// memory and several threads can work on its blocks. A block ends where a row does.
//
//   BlockReader reader(std::move(source), path, format);
//   std::string block;
//   while (true) {
//     RETURN_IF_ERROR(reader.Next(block));
//     if (block.empty()) break;
//   }
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "data/importing/input/byte_source.h"
#include "data/importing/input/table_format.h"

namespace shortlist {

class BlockReader {
 public:
  // `name` is what messages call the table.
  BlockReader(std::unique_ptr<ByteSource> source, std::string name, TableFormat format);

  // Replaces `block` by the next one; empty: there is none. A byte order mark is left out, and
  // where the format has another encoding, the block is UTF-8 all the same. UTF-16 is
  // INVALID_ARGUMENT.
  absl::Status Next(std::string& block);
  // Since the first block with what that shows of it: the kind and the delimiter.
  const TableFormat& format() const { return format_; }
  // No block follows.
  bool at_end() const { return at_end_ && rest_.empty(); }
  uint64_t file_bytes_read() const { return source_->file_bytes_read(); }

 private:
  void RecogniseFormat(std::string_view start);
  // 0 where no row ends in the text.
  size_t EndOfRows(std::string_view text) const;

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  TableFormat format_;
  std::string rest_;    // What follows the last row of the last block.
  uint64_t lines_ = 0;  // Of the blocks so far.
  bool first_ = true;
  bool at_end_ = false;
};

}  // namespace shortlist
