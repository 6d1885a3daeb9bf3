#include "model/catalog_changes.h"

namespace shortlist {

void Apply(const ItemChange& change, ItemState& state) {
  switch (change.kind) {
    case ItemChange::Kind::kUpsert:
      state.presence = ItemState::Presence::kUpserted;
      state.title = change.title;
      state.attributes = change.attributes;
      state.vector = change.vector;
      break;
    case ItemChange::Kind::kDelete:
      state.presence = ItemState::Presence::kDeleted;
      state.title.clear();
      state.attributes.clear();
      state.vector.clear();
      break;
    case ItemChange::Kind::kHide:
      state.hidden_until_ms = change.hidden_until_ms;
      break;
  }
}

}  // namespace shortlist
