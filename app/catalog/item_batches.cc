#include "app/catalog/item_batches.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "app/input/json_lines.h"
#include "common/status_macros.h"
#include "data/attributes/dataset_attributes.h"
#include "data/dataset.h"
#include "data/named_attributes.h"
#include "data/tables/atomic_file.h"
#include "retrieval/content/content_features.h"
#include "serving/requests/request_validation.h"

namespace shortlist {
namespace {

constexpr std::string_view kAtomicEnding = ".item";

// The item of a row; attributes in the schema's order.
void FillIn(const CatalogData& items, ItemRow row, v1::Item& item) {
  item.set_item_id(items.ids[row]);
  if (!items.titles.empty()) item.set_title(items.titles[row]);
  for (const NamedAttribute& attribute :
       NamedAttributesOf(items.schema, CodesOf(items, row), items.numbers, row)) {
    v1::Attribute& out = *item.add_attributes();
    out.set_name(attribute.name);
    out.mutable_values()->Assign(attribute.values.begin(), attribute.values.end());
  }
  const std::span<const float> vector =
      std::span(items.vectors).subspan(size_t{row} * items.vector_dim, items.vector_dim);
  if (LengthOf(vector) > 0) item.mutable_vector()->Assign(vector.begin(), vector.end());
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
                     row = ItemRow{0}](v1::Item& item) mutable -> absl::StatusOr<std::string> {
      if (row == items->ids.size()) return std::string();
      FillIn(*items, row++, item);
      return absl::StrCat(path, ": item ", item.item_id());
    };
    return batches;
  }
  ASSIGN_OR_RETURN(JsonLines lines, JsonLines::Open(path));
  batches.next_ = [lines =
                       std::move(lines)](v1::Item& item) mutable -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const bool more, lines.Next("an item", item));
    return more ? lines.PlaceOf(lines.line()) : std::string();
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
  return AtPlace(status, "items", places_);
}

}  // namespace shortlist
