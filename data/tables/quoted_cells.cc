#include "data/tables/quoted_cells.h"

namespace shortlist {
namespace {

// Calls use(cell, raw, end) for each cell of `content`: its text without quotes (null where quotes
// are misused), as it stands, and what follows it: the separator, a line end or 0 at the end.
template <class Use>
void ForEachCell(std::string_view content, char separator, Use use) {
  std::string cell;
  size_t at = 0;
  while (at < content.size()) {
    const size_t begin = at;
    cell.clear();
    bool is_sound = true;
    if (content[at] == '"') {
      bool is_closed = false;
      for (++at; at < content.size() && content[at] != '\n'; ++at) {
        if (content[at] != '"') {
          cell += content[at];
        } else if (at + 1 < content.size() && content[at + 1] == '"') {
          cell += '"';
          ++at;
        } else {
          is_closed = true;
          ++at;
          break;
        }
      }
      is_sound = is_closed;
    }
    const size_t rest = at;
    while (at < content.size() && content[at] != separator && content[at] != '\n') ++at;
    std::string_view plain = content.substr(rest, at - rest);
    const bool ends_line = at == content.size() || content[at] == '\n';
    if (ends_line && plain.ends_with('\r')) plain.remove_suffix(1);
    if (rest != begin) {
      is_sound &= plain.empty();
    } else {
      is_sound &= plain.find('"') == std::string_view::npos;
      cell = plain;
    }
    use(is_sound ? &cell : nullptr, content.substr(begin, at - begin),
        at == content.size() ? '\0' : content[at]);
    ++at;
  }
}

}  // namespace

QuotingFinding FindQuoting(std::string_view content, char separator) {
  QuotingFinding finding;
  if (content.find('"') == std::string_view::npos) return finding;
  ForEachCell(content, separator, [&](const std::string* cell, std::string_view raw, char) {
    if (raw.starts_with('"') && finding.quoted_cells++ == 0) finding.example = raw;
    finding.is_consistent &= cell != nullptr;
  });
  return finding;
}

std::string Unquoted(std::string_view content, char separator) {
  std::string out;
  out.reserve(content.size());
  ForEachCell(content, separator, [&](const std::string* cell, std::string_view raw, char end) {
    for (const char c : cell != nullptr ? std::string_view(*cell) : raw) out += c == '\t' ? ' ' : c;
    if (end != '\0') out += end == '\n' ? '\n' : '\t';
  });
  return out;
}

}  // namespace shortlist
