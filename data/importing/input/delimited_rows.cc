#include "data/importing/input/delimited_rows.h"

#include <algorithm>

namespace shortlist {
namespace {

constexpr char kMisquoted[] = "a quote is neither around a cell nor doubled";
constexpr char kCarriageReturn[] = "a carriage return within the row";

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

DelimitedRows::DelimitedRows(std::string_view text, const TableFormat& format)
    : text_(text), format_(format) {
  stops_[static_cast<unsigned char>(format.delimiter[0])] = true;
  stops_['\n'] = stops_['\r'] = true;
  if (format.quotes) stops_['"'] = true;
}

bool DelimitedRows::Next() {
  if (!SkipBlankLines()) return false;
  const size_t begin = position_;
  line_ = ++lines_read_;
  problem_ = ReadRow();
  if (problem_ == nullptr) {
    status_ = absl::OkStatus();
  } else {
    status_ = absl::InvalidArgumentError(problem_);
    lines_read_ = line_;
    position_ = std::min(text_.find('\n', begin), text_.size() - 1) + 1;
  }
  return true;
}

bool DelimitedRows::SkipBlankLines() {
  while (position_ < text_.size()) {
    size_t end = position_;
    while (end < text_.size() && (IsBlank(text_[end]) || text_[end] == '\r')) ++end;
    if (end < text_.size() && text_[end] != '\n') return true;
    ++lines_read_;
    position_ = std::min(end + 1, text_.size());
  }
  return false;
}

const char* DelimitedRows::ReadRow() {
  cells_.clear();
  unescaped_.clear();
  unescaped_cells_.clear();
  while (true) {
    if (format_.quotes) SkipBlanks();
    if (format_.quotes && position_ < text_.size() && text_[position_] == '"') {
      if (!ReadQuotedCell()) return kUnended;
      SkipBlanks();
    } else {
      const size_t begin = position_;
      position_ = FindStop(begin);
      std::string_view cell = text_.substr(begin, position_ - begin);
      while (format_.quotes && !cell.empty() && IsBlank(cell.back())) cell.remove_suffix(1);
      cells_.push_back(cell);
    }
    if (TakeRowEnd()) break;
    if (text_[position_] == '\r') return kCarriageReturn;
    if (!AtDelimiter(position_)) return kMisquoted;
    position_ += format_.delimiter.size();
  }
  for (const UnescapedCell& cell : unescaped_cells_)
    cells_[cell.cell] = std::string_view(unescaped_).substr(cell.begin, cell.size);
  return nullptr;
}

bool DelimitedRows::ReadQuotedCell() {
  const size_t begin = ++position_;
  const size_t unescaped_begin = unescaped_.size();
  size_t copied = begin;  // What precedes it is in unescaped_, if anything is.
  bool unescaped = false;
  for (; position_ < text_.size(); ++position_) {
    const char c = text_[position_];
    if (c == '\n') ++lines_read_;
    const bool next_quote = position_ + 1 < text_.size() && text_[position_ + 1] == '"';
    if ((c == '"' && next_quote) || (c == '\\' && format_.backslashes)) {
      unescaped = true;
      unescaped_.append(text_, copied, position_ - copied);
      copied = ++position_;  // The next one is plain.
    } else if (c == '"') {
      if (unescaped) {
        unescaped_.append(text_, copied, position_ - copied);
        unescaped_cells_.push_back(
            {cells_.size(), unescaped_begin, unescaped_.size() - unescaped_begin});
        cells_.emplace_back();
      } else {
        cells_.push_back(text_.substr(begin, position_ - begin));
      }
      ++position_;
      return true;
    }
  }
  return false;
}

void DelimitedRows::SkipBlanks() {
  while (position_ < text_.size() && IsBlank(text_[position_]) && !AtDelimiter(position_))
    ++position_;
}

size_t DelimitedRows::FindStop(size_t begin) const {
  for (size_t i = begin; i < text_.size(); ++i) {
    if (!stops_[static_cast<unsigned char>(text_[i])]) continue;
    // The first character of a longer delimiter alone does not end a cell.
    if (text_[i] != format_.delimiter[0] || AtDelimiter(i)) return i;
  }
  return text_.size();
}

bool DelimitedRows::AtDelimiter(size_t position) const {
  return format_.delimiter.size() == 1 ? text_[position] == format_.delimiter[0]
                                       : text_.substr(position).starts_with(format_.delimiter);
}

bool DelimitedRows::TakeRowEnd() {
  if (position_ == text_.size()) return true;
  const std::string_view rest = text_.substr(position_, 2);
  if (rest[0] == '\n')
    position_ += 1;
  else if (rest == "\r\n" || rest == "\r")  // The latter at the end of the text.
    position_ += rest.size();
  else
    return false;
  return true;
}

size_t EndOfLastRow(std::string_view text, const TableFormat& format) {
  const size_t last_line = text.rfind('\n') + 1;  // 0 for npos.
  if (!format.quotes || last_line == 0) return last_line;
  const size_t first_quote = text.find('"');
  if (first_quote == std::string_view::npos) return last_line;
  // Rows before the first quote end where their lines do.
  size_t end = first_quote == 0 ? 0 : text.rfind('\n', first_quote) + 1;
  const std::string_view rest = text.substr(end);
  DelimitedRows rows(rest, format);
  size_t row_end = 0;
  while (rows.Next()) {
    if (rows.unended() && rest.size() - row_end < kMaxRowBytes) break;
    if (rest[rows.bytes_read() - 1] != '\n') break;
    row_end = rows.bytes_read();
  }
  return end + row_end;
}

std::string RecogniseDelimiter(std::string_view line) {
  constexpr std::string_view kDelimiters[] = {"\t", ",", ";", "|", "::"};
  std::string_view best = ",";
  size_t most = 1;
  for (std::string_view delimiter : kDelimiters) {
    TableFormat format;
    format.delimiter = delimiter;
    DelimitedRows rows(line, format);
    if (rows.Next() && rows.status().ok() && rows.cells().size() > most) {
      most = rows.cells().size();
      best = delimiter;
    }
  }
  return std::string(best);
}

}  // namespace shortlist
