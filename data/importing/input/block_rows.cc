#include "data/importing/input/block_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/text/utf8.h"
#include "data/importing/input/python_literals.h"

namespace shortlist {

void BlockRows::Start(std::string_view text, const TableLayout& layout) {
  layout_ = &layout;
  is_utf8_ = IsUtf8(text);
  cells_.assign(layout.names.size(), {});
  if (layout.format.kind == TableFormat::Kind::kDelimited) {
    json_.reset();
    delimited_.emplace(text, layout.format);
    return;
  }
  if (json_ == nullptr || json_keys_ != layout.names) {
    json_keys_ = layout.names;
    json_ = std::make_unique<JsonRows>(json_keys_);
  }
  if (layout.format.kind == TableFormat::Kind::kPythonLines) {
    python_as_json_ = PythonLinesToJson(text);
    text = python_as_json_;
  }
  json_->Start(text);
}

bool BlockRows::Next() {
  if (json_ != nullptr) {
    if (!json_->Next()) return false;
    status_ = json_->status();
    std::copy(json_->cells().begin(), json_->cells().end(), cells_.begin());
  } else {
    if (!delimited_->Next()) return false;
    status_ = delimited_->status();
    if (status_.ok()) TakeDelimitedRow();
  }
  if (!is_utf8_ && status_.ok() && !IsRowUtf8())
    status_ = absl::InvalidArgumentError("malformed UTF-8");
  return true;
}

void BlockRows::TakeDelimitedRow() {
  const std::span<const std::string_view> row = delimited_->cells();
  if (row.size() != layout_->row_cells) {
    status_ = absl::InvalidArgumentError(
        absl::StrCat("expected ", layout_->row_cells, " columns, found ", row.size()));
    return;
  }
  for (size_t c = 0; c < cells_.size(); ++c) {
    const size_t position = layout_->positions[c];
    cells_[c] = position == TableLayout::kNowhere ? std::string_view() : row[position];
  }
}

bool BlockRows::IsRowUtf8() const { return std::all_of(cells_.begin(), cells_.end(), IsUtf8); }

}  // namespace shortlist
