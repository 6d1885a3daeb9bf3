#include "app/catalog/item_batches.h"

#include <google/protobuf/util/json_util.h>

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"
#include "data/attributes/dataset_attributes.h"
#include "data/tables/atomic_file.h"
#include "serving/requests/request_validation.h"

namespace shortlist {
namespace {

constexpr std::string_view kAtomicEnding = ".item";

// The item of a row; attributes in the schema's order.
void FillIn(const CatalogData& items, size_t row, v1::Item& item) {
  item.set_item_id(items.ids[row]);
  if (!items.titles.empty()) item.set_title(items.titles[row]);
  uint32_t first_code = 0;
  size_t number = 0;
  uint64_t next = items.code_offsets[row];
  const uint64_t end = items.code_offsets[row + 1];
  for (const AttributeFieldData& field : items.schema) {
    v1::Attribute attribute;
    attribute.set_name(field.name);
    const auto end_code = static_cast<uint32_t>(first_code + field.values.size());
    for (; next < end && items.codes[next] < end_code; ++next)
      if (field.type != AttributeType::kNumber)
        attribute.add_values(field.values[items.codes[next] - first_code]);
    if (field.type == AttributeType::kNumber) {
      const double value = items.numbers[number++][row];
      if (!std::isnan(value)) attribute.add_values(FormatDecimal(value));
    }
    if (attribute.values_size() > 0) *item.add_attributes() = std::move(attribute);
    first_code = end_code;
  }
}

absl::StatusOr<CatalogData> ReadAtomicFile(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(const AtomicFile file, AtomicFile::Open(path));
  DatasetSpec spec;
  std::filesystem::path spec_path = path;
  spec_path.replace_extension();
  spec_path += kDatasetSpecEnding;
  std::error_code error;
  if (std::filesystem::exists(spec_path, error)) {
    ASSIGN_OR_RETURN(spec, ReadDatasetSpec(spec_path));
  }
  Interner ids;
  BadRows bad_rows(/*skip=*/false);
  LoadNotes notes;
  CatalogData items;
  const std::vector<bool> none;
  RETURN_IF_ERROR(
      ReadItemAttributes(&file, spec, ids, {none, false}, bad_rows, notes, items).status());
  return items;
}

}  // namespace

absl::StatusOr<ItemBatches> ItemBatches::Open(const std::string& path) {
  ItemBatches batches;
  if (std::string_view(path).ends_with(kAtomicEnding)) {
    ASSIGN_OR_RETURN(CatalogData data, ReadAtomicFile(path));
    auto items = std::make_shared<const CatalogData>(std::move(data));
    batches.total_ = items->ids.size();
    batches.next_ = [items, path,
                     row = size_t{0}](v1::Item& item) mutable -> absl::StatusOr<std::string> {
      if (row == items->ids.size()) return std::string();
      FillIn(*items, row++, item);
      return absl::StrCat(path, ": item ", item.item_id());
    };
    return batches;
  }
  std::shared_ptr<std::istream> input(std::shared_ptr<void>(), &std::cin);
  if (path != "-") {
    auto file = std::make_shared<std::ifstream>(path);
    if (!*file) return absl::ErrnoToStatus(errno != 0 ? errno : EIO, path);
    input = std::move(file);
  }
  const std::string name = path == "-" ? "standard input" : path;
  batches.next_ = [input, name,
                   line = size_t{0}](v1::Item& item) mutable -> absl::StatusOr<std::string> {
    for (std::string text; std::getline(*input, text);) {
      ++line;
      if (absl::StripAsciiWhitespace(text).empty()) continue;
      const auto status = google::protobuf::util::JsonStringToMessage(text, &item);
      if (!status.ok())
        return absl::InvalidArgumentError(
            absl::StrCat(name, ":", line, ": not an item: ", std::string(status.message())));
      return absl::StrCat(name, ":", line);
    }
    if (input->bad()) return absl::DataLossError(absl::StrCat(name, ": cannot be read"));
    return std::string();
  };
  return batches;
}

absl::StatusOr<v1::UpsertItemsRequest> ItemBatches::Next() {
  v1::UpsertItemsRequest request;
  places_.clear();
  while (request.items_size() < kMaxChangedItems) {
    v1::Item item;
    ASSIGN_OR_RETURN(std::string place, next_(item));
    if (place.empty()) break;
    places_.push_back(std::move(place));
    *request.add_items() = std::move(item);
  }
  return request;
}

absl::Status ItemBatches::OfItem(const absl::Status& status) const {
  absl::string_view rest = status.message();
  if (!absl::ConsumePrefix(&rest, "items[")) return status;
  const size_t bracket = rest.find("].");
  size_t item = 0;
  if (bracket == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(0, bracket), &item) ||
      item >= places_.size())
    return status;
  return {status.code(), absl::StrCat(places_[item], ": ", rest.substr(bracket + 2))};
}

}  // namespace shortlist
