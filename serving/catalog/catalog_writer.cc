#include "serving/catalog/catalog_writer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "features/item_encoder.h"
#include "model/item_as_told.h"
#include "serving/requests/item_messages.h"
#include "serving/requests/request_validation.h"

namespace shortlist {
namespace {

// A page goes on until it is larger than this; clients take answers of 4 MiB unless told otherwise.
constexpr size_t kMaxPageBytes = 2 << 20;

}  // namespace

absl::Status CatalogWriter::UpsertItems(const v1::UpsertItemsRequest& request,
                                        v1::UpsertItemsResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  // What others told meanwhile counts for what is unchanged.
  RETURN_IF_ERROR(follower_.CatchUp());
  const std::shared_ptr<const Bundle> bundle = bundles_.Current();
  const Catalog& catalog = bundle->catalog;
  const int64_t now_ms = absl::ToUnixMillis(clock_());
  std::vector<v1::LogEntry> entries;
  for (int i = 0; i < request.items_size(); ++i) {
    v1::LogEntry entry;
    *entry.mutable_item() = UpsertOf(request.items(i), now_ms);
    const ItemChange change = FromMessage(entry.item());
    const FieldPath item{nullptr, "items", i};
    RETURN_IF_ERROR(CheckItemAttributes(change.attributes, catalog.schema(), item));
    RETURN_IF_ERROR(CheckVector(*bundle, change.vector, {&item, "vector"}));
    const std::optional<ItemRow> row = catalog.FindItem(change.item_id);
    if (row && !catalog.IsDeleted(*row) &&
        IsAsTold(*bundle, *row,
                 EncodeAsTold(*bundle, change.title, change.attributes, change.vector,
                              bundle->vectors.vector(catalog.LearnedRow(*row)))))
      continue;
    entries.push_back(std::move(entry));
  }
  response.set_changed(static_cast<int32_t>(entries.size()));
  response.set_unchanged(request.items_size() - response.changed());
  return Record(entries);
}

absl::Status CatalogWriter::DeleteItems(const v1::DeleteItemsRequest& request,
                                        v1::DeleteItemsResponse& /*response*/) const {
  RETURN_IF_ERROR(Validate(request));
  return RecordOfEach(request.item_ids(),
                      [](v1::ItemChange& change) { change.mutable_deletion(); });
}

absl::Status CatalogWriter::HideItems(const v1::HideItemsRequest& request,
                                      v1::HideItemsResponse& /*response*/) const {
  RETURN_IF_ERROR(Validate(request));
  return RecordOfEach(request.item_ids(), [&](v1::ItemChange& change) {
    change.set_hidden_until_ms(request.until_ms());
  });
}

absl::Status CatalogWriter::ListChanges(const v1::ListChangesRequest& request,
                                        v1::ListChangesResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  int64_t after = 0;
  if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &after))
    return Invalid({nullptr, "page_token"}, "is not a token that ListChanges returned");
  response.set_next_page_token(request.page_token());
  const int page_size = request.page_size() == 0 ? kDefaultPageSize : request.page_size();
  size_t bytes = 0;
  const absl::Status status =
      store_.VisitItemChanges(after, [&](int64_t position, const v1::ItemChange& change) {
        if (response.changes_size() == page_size || bytes > kMaxPageBytes)
          return absl::CancelledError();
        bytes += change.ByteSizeLong();
        *response.add_changes() = change;
        response.set_next_page_token(absl::StrCat(position));
        return absl::OkStatus();
      });
  return absl::IsCancelled(status) ? absl::OkStatus() : status;
}

absl::Status CatalogWriter::RecordOfEach(
    const google::protobuf::RepeatedPtrField<std::string>& item_ids,
    absl::FunctionRef<void(v1::ItemChange&)> say) const {
  const int64_t now_ms = absl::ToUnixMillis(clock_());
  std::vector<v1::LogEntry> entries;
  for (const std::string& id : item_ids) {
    v1::ItemChange& change = *entries.emplace_back().mutable_item();
    change.set_item_id(id);
    change.set_time_ms(now_ms);
    say(change);
  }
  return Record(entries);
}

absl::Status CatalogWriter::Record(std::span<const v1::LogEntry> entries) const {
  if (entries.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(store_.Append(entries).status());
  return follower_.CatchUp();
}

}  // namespace shortlist
