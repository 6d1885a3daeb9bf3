#include "serving/requests/item_messages.h"

#include "serving/requests/user_messages.h"

namespace shortlist {

ItemChange FromMessage(const v1::ItemChange& message) {
  ItemChange change{.item_id = message.item_id()};
  switch (message.change_case()) {
    case v1::ItemChange::kUpsert:
      change.title = message.upsert().title();
      for (const v1::Attribute& attribute : message.upsert().attributes())
        change.attributes.push_back(FromMessage(attribute));
      change.vector.assign(message.upsert().vector().begin(), message.upsert().vector().end());
      break;
    case v1::ItemChange::kHiddenUntilMs:
      change.kind = ItemChange::Kind::kHide;
      change.hidden_until_ms = message.hidden_until_ms();
      break;
    default:
      change.kind = ItemChange::Kind::kDelete;
  }
  return change;
}

v1::ItemChange UpsertOf(const v1::Item& item, int64_t time_ms) {
  v1::ItemChange change;
  change.set_item_id(item.item_id());
  change.set_time_ms(time_ms);
  change.mutable_upsert()->set_title(item.title());
  *change.mutable_upsert()->mutable_attributes() = item.attributes();
  *change.mutable_upsert()->mutable_vector() = item.vector();
  return change;
}

}  // namespace shortlist
