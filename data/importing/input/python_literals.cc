#include "data/importing/input/python_literals.h"

#include <algorithm>
#include <cctype>

namespace shortlist {
namespace {

bool IsNameByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Reads one text and appends to another.
class Converter {
 public:
  explicit Converter(std::string_view text) : text_(text) { json_.reserve(text.size() + 64); }

  std::string Convert() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '\'' || c == '"')
        ConvertString();
      else if (IsNameByte(c))
        ConvertWord();
      else
        ConvertPunctuation();
    }
    return std::move(json_);
  }

 private:
  // A name, a number, or the prefix of a string.
  void ConvertWord() {
    const size_t begin = position_;
    while (position_ < text_.size() && IsNameByte(text_[position_])) ++position_;
    const std::string_view word = text_.substr(begin, position_ - begin);
    const bool string_follows =
        position_ < text_.size() && (text_[position_] == '\'' || text_[position_] == '"');
    if (string_follows && (word == "u" || word == "U")) return;
    if (word == "True")
      json_ += "true";
    else if (word == "False")
      json_ += "false";
    else if (word == "None")
      json_ += "null";
    else
      json_ += word;
  }

  void ConvertPunctuation() {
    const char c = text_[position_++];
    json_ += c == '(' ? '[' : c == ')' ? ']' : c;
  }

  void ConvertString() {
    const char quote = text_[position_++];
    json_ += '"';
    while (position_ < text_.size() && text_[position_] != '\n') {
      const char c = text_[position_++];
      if (c == quote) {
        json_ += '"';
        return;
      }
      if (c == '\\' && position_ < text_.size())
        ConvertEscape();
      else if (c == '"')
        json_ += "\\\"";
      else if (c == '\t')
        json_ += "\\t";
      else
        json_ += c;
    }
  }

  // What follows a backslash.
  void ConvertEscape() {
    const char c = text_[position_++];
    switch (c) {
      case 'x':
        json_ += "\\u00";
        CopyDigits(2);
        return;
      case 'u':
        json_ += "\\u";
        CopyDigits(4);
        return;
      case 'U':
        ConvertLongEscape();
        return;
      case '\'':
        json_ += '\'';
        return;
      case '"':
      case '\\':
      case 'n':
      case 'r':
      case 't':
      case 'b':
      case 'f':
        json_ += '\\';
        json_ += c;
        return;
      default:  // Python keeps both.
        json_ += "\\\\";
        json_ += c;
    }
  }

  void CopyDigits(size_t count) {
    const std::string_view digits = text_.substr(position_, count);
    json_ += digits;
    position_ += digits.size();
  }

  // Eight digits; JSON has two times four for what is beyond U+FFFF.
  void ConvertLongEscape() {
    const std::string digits(text_.substr(position_, 8));
    position_ += digits.size();
    const unsigned long code = std::strtoul(digits.c_str(), nullptr, 16);
    if (code < 0x10000) {
      AppendUnit(code);
    } else {
      AppendUnit(0xD800 + ((code - 0x10000) >> 10));
      AppendUnit(0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }

  void AppendUnit(unsigned long unit) {
    constexpr char kDigits[] = "0123456789abcdef";
    json_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) json_ += kDigits[(unit >> shift) & 0xF];
  }

  std::string_view text_;
  size_t position_ = 0;
  std::string json_;
};

}  // namespace

std::string PythonLinesToJson(std::string_view text) { return Converter(text).Convert(); }

}  // namespace shortlist
