#include "app/answer_line.h"

#include <array>
#include <charconv>

#include "shortlist/v1/common.pb.h"

namespace shortlist {
namespace {

// A JSON string (RFC 8259): quotes, backslashes and control characters are escaped.
void AppendString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void AppendNumber(float number, std::string& out) {
  std::array<char, 32> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void AppendItem(const AnswerItem& item, const Catalog& catalog, bool re_ranked, std::string& out) {
  out += "{\"item_id\":";
  AppendString(catalog.id(item.item), out);
  out += ",\"score\":";
  AppendNumber(item.score, out);
  out += ",\"probability\":";
  AppendNumber(item.probability, out);
  out += ",\"source\":\"";
  out += v1::SourceId_Name(static_cast<v1::SourceId>(item.source));
  out += '"';
  if (item.liked_score) {
    out += ",\"liked_score\":";
    AppendNumber(*item.liked_score, out);
    out += ",\"liked_probability\":";
    AppendNumber(*item.liked_probability, out);
  }
  if (re_ranked) {
    out += ",\"place_by_score\":";
    out += std::to_string(item.place_by_score + 1);
    out += ",\"moved_by\":[";
    for (size_t i = 0; i < item.moved_by.size(); ++i) {
      if (i > 0) out += ',';
      AppendString(item.moved_by[i], out);
    }
    out += ']';
  }
  out += '}';
}

}  // namespace

void AppendAnswerLine(std::string_view user_id, const Answer& answer, std::string& lines) {
  lines += "{\"user_id\":";
  AppendString(user_id, lines);
  lines += ",\"bundle_id\":";
  AppendString(answer.bundle->id, lines);
  lines += ",\"items\":[";
  for (size_t i = 0; i < answer.items.size(); ++i) {
    if (i > 0) lines += ',';
    AppendItem(answer.items[i], answer.bundle->catalog, answer.re_ranked, lines);
  }
  lines += "]}\n";
}

}  // namespace shortlist
