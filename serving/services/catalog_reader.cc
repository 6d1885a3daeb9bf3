#include "serving/services/catalog_reader.h"

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"
#include "serving/requests/query_messages.h"
#include "serving/requests/request_validation.h"

namespace shortlist {
namespace {

// The value of every field that the catalog has, in the schema's order; numbers so that they read
// back the same.
void FillItem(const Catalog& catalog, ItemRow row, v1::Item& item) {
  item.set_item_id(std::string(catalog.id(row)));
  item.set_title(std::string(catalog.title(row)));
  item.set_interaction_count(catalog.interaction_counts()[row]);
  item.set_hidden(catalog.IsHidden(row));
  item.set_vector_origin(static_cast<v1::VectorOrigin>(catalog.vector_origin(row)));
  const auto& fields = catalog.schema().fields();
  for (uint32_t f = 0; f < fields.size(); ++f) {
    v1::Attribute attribute;
    attribute.set_name(fields[f].name);
    if (fields[f].type == AttributeType::kNumber) {
      if (const double number = catalog.numbers(f)[row]; !std::isnan(number))
        attribute.add_values(FormatDecimal(number));
    } else {
      for (uint32_t code : catalog.codes(row)) {
        if (catalog.schema().FieldOf(code) == f)
          attribute.add_values(std::string(fields[f].values[code - fields[f].first_code]));
      }
      catalog.ForEachUncoded(row, [&](uint32_t field, std::string_view value) {
        if (field == f) attribute.add_values(std::string(value));
      });
    }
    if (attribute.values_size() > 0) *item.add_attributes() = std::move(attribute);
  }
}

// A page token is the bundle's id and the row that the page begins at: rows mean nothing in
// another bundle.
std::string PageToken(const Bundle& bundle, ItemRow row) {
  return absl::StrCat(bundle.id, ".", row);
}

absl::StatusOr<ItemRow> ParsePageToken(const std::string& token, const Bundle& bundle) {
  if (token.empty()) return 0;
  const std::pair<std::string, std::string> parts = absl::StrSplit(token, absl::MaxSplits('.', 1));
  ItemRow row = 0;
  if (!absl::SimpleAtoi(parts.second, &row))
    return Invalid({nullptr, "page_token"}, "is not a token that ListItems returned");
  if (parts.first != bundle.id)
    return Invalid({nullptr, "page_token"}, "is of a bundle that is no longer served; begin again");
  return row;
}

}  // namespace

absl::Status CatalogReader::GetItem(const v1::GetItemRequest& request,
                                    v1::GetItemResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  const std::shared_ptr<const Bundle> bundle = bundles_.Current();
  const std::optional<ItemRow> row = bundle->catalog.FindItem(request.item_id());
  if (!row || bundle->catalog.IsDeleted(*row))
    return absl::NotFoundError(
        absl::StrCat("item_id: the catalog has no item \"", request.item_id(), "\""));
  v1::Item& item = *response.mutable_item();
  FillItem(bundle->catalog, *row, item);
  const std::span<const float> vector = bundle->vectors.vector(*row);
  item.mutable_vector()->Assign(vector.begin(), vector.end());
  return absl::OkStatus();
}

absl::Status CatalogReader::ListItems(const v1::ListItemsRequest& request,
                                      v1::ListItemsResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  const std::shared_ptr<const Bundle> bundle = bundles_.Current();
  ASSIGN_OR_RETURN(ItemRow row, ParsePageToken(request.page_token(), *bundle));
  ASSIGN_OR_RETURN(ItemFilter filter, bundle->attributes->Compile(FromMessage(request.filter())));
  const int page_size = request.page_size() == 0 ? kDefaultPageSize : request.page_size();
  const uint32_t item_count = bundle->catalog.item_count();
  for (; row < item_count; ++row) {
    if (!filter.Passes(row)) continue;
    if (response.items_size() == page_size) {
      response.set_next_page_token(PageToken(*bundle, row));
      break;
    }
    FillItem(bundle->catalog, row, *response.add_items());
  }
  response.set_total_count(filter.PassingCount(item_count));
  return absl::OkStatus();
}

}  // namespace shortlist
