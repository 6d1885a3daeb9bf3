#include "data/tables/line_reader.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

// Texts below this size take less than a second.
constexpr size_t kMinBytesForProgress = 64 << 20;
constexpr uint64_t kLinesPerUpdate = 4096;

}  // namespace

LineReader::LineReader(std::string path, std::string_view content)
    : path_(std::move(path)), content_(content) {
  if (content.starts_with(kByteOrderMark)) offset_ = kByteOrderMark.size();
  if (content.size() >= kMinBytesForProgress)
    progress_.emplace("reading " + std::filesystem::path(path_).filename().string(), content.size(),
                      "B");
}

std::optional<std::string_view> LineReader::Next() {
  if (offset_ >= content_.size()) {
    if (progress_) progress_->Finish();
    progress_.reset();
    return std::nullopt;
  }
  size_t end = content_.find('\n', offset_);
  std::string_view line = content_.substr(offset_, end - offset_);
  offset_ = end == std::string_view::npos ? content_.size() : end + 1;
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++line_number_;
  if (progress_ && line_number_ % kLinesPerUpdate == 0) progress_->Update(offset_);
  return line;
}

absl::Status LineReader::Error(std::string_view reason, uint64_t line) const {
  return absl::InvalidArgumentError(absl::StrCat(path_, ":", line, ": ", AbslView(reason)));
}

void LineReader::Rewind(const Position& position) {
  offset_ = position.offset;
  line_number_ = position.line_number;
}

}  // namespace shortlist
