#include "data/importing/input/block_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "common/text/utf8.h"
#include "data/importing/input/delimited_rows.h"
#include "data/tables/line_reader.h"

namespace shortlist {
namespace {

constexpr size_t kBlockBytes = 1 << 20;

std::string_view FirstLine(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(text.rfind('\n', begin) + 1);  // npos + 1 is 0.
  return text.substr(0, text.find('\n'));
}

TableFormat::Kind KindOf(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (!line.starts_with('{')) return TableFormat::Kind::kDelimited;
  // The names in JSON have other quotes.
  return line.starts_with("{'") || line.starts_with("{u'") ? TableFormat::Kind::kPythonLines
                                                           : TableFormat::Kind::kJsonLines;
}

}  // namespace

BlockReader::BlockReader(std::unique_ptr<ByteSource> source, std::string name, TableFormat format)
    : source_(std::move(source)), name_(std::move(name)), format_(std::move(format)) {}

absl::Status BlockReader::Next(std::string& block) {
  block.assign(rest_);
  rest_.clear();
  size_t end = 0;
  while (end == 0 && !at_end_) {
    const size_t filled = block.size();
    if (filled > kMaxRowBytes + kBlockBytes)
      return absl::InvalidArgumentError(absl::StrCat(
          name_, ":", lines_ + 1, ": the row is longer than ", kMaxRowBytes >> 20, " MiB"));
    block.resize(filled + kBlockBytes);
    ASSIGN_OR_RETURN(const size_t count, source_->Read(block.data() + filled, kBlockBytes));
    block.resize(filled + count);
    at_end_ = count < kBlockBytes;
    if (std::exchange(first_, false)) {
      if (IsUtf16(block))
        return absl::InvalidArgumentError(absl::StrCat(
            name_, ": the file is UTF-16; UTF-8 is expected, as from iconv -f UTF-16 -t UTF-8"));
      if (block.starts_with(kByteOrderMark)) block.erase(0, kByteOrderMark.size());
      RecogniseFormat(block);
    }
    end = at_end_ ? block.size() : EndOfRows(block);
  }
  if (end > 0) {
    rest_.assign(block, end);
    block.resize(end);
  }
  lines_ += static_cast<uint64_t>(std::count(block.begin(), block.end(), '\n'));
  // A copy that somebody has converted already passes.
  if (format_.latin1 && !IsUtf8(block)) block = Latin1ToUtf8(block);
  return absl::OkStatus();
}

void BlockReader::RecogniseFormat(std::string_view start) {
  const std::string_view line = FirstLine(start);
  if (format_.kind == TableFormat::Kind::kRecognised) format_.kind = KindOf(line);
  if (format_.kind == TableFormat::Kind::kDelimited && format_.delimiter.empty())
    format_.delimiter = RecogniseDelimiter(line);
}

size_t BlockReader::EndOfRows(std::string_view text) const {
  if (format_.kind == TableFormat::Kind::kDelimited) return EndOfLastRow(text, format_);
  return text.rfind('\n') + 1;  // npos + 1 is 0.
}

}  // namespace shortlist
