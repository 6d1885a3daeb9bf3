#include "data/tables/atomic_file_writer.h"

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "common/files.h"

namespace shortlist {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

}  // namespace

void AppendAtomicCell(std::string_view cell, std::string& line) {
  const size_t begin = line.size();
  if (cell.find('"') == std::string_view::npos) {
    line += cell;
  } else {
    line += '"';
    for (const char c : cell) line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  const auto is_out_of_place = [](char c) { return c == '\t' || c == '\n' || c == '\r'; };
  std::replace_if(line.begin() + static_cast<std::ptrdiff_t>(begin), line.end(), is_out_of_place,
                  ' ');
}

AtomicFileWriter::AtomicFileWriter(const std::filesystem::path& path,
                                   std::span<const std::string_view> header)
    : path_(path), out_(path, std::ios::binary | std::ios::trunc) {
  NoteError();
  AddRow(header);
}

void AtomicFileWriter::AddRow(std::span<const std::string_view> cells) {
  const size_t row = buffer_.size();
  for (std::string_view cell : cells) {
    AppendAtomicCell(cell, buffer_);
    buffer_ += '\t';
  }
  if (buffer_.size() > row) buffer_.back() = '\n';
  if (buffer_.size() >= kBufferBytes) Flush();
}

void AtomicFileWriter::AddLines(std::string_view lines) {
  buffer_ += lines;
  if (buffer_.size() >= kBufferBytes) Flush();
}

void AtomicFileWriter::NoteError() {
  // Streams fail without an error number, too.
  if (!out_ && error_ == 0) error_ = errno != 0 ? errno : EIO;
}

void AtomicFileWriter::Flush() {
  errno = 0;
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
  NoteError();
}

absl::Status AtomicFileWriter::Close() {
  Flush();
  out_.close();
  NoteError();
  if (error_ != 0)
    return absl::ErrnoToStatus(error_, absl::StrCat(path_.string(), ": cannot write"));
  return Fsync(path_);
}

}  // namespace shortlist
