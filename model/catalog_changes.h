// What was told of items while bundles serve: new ones, other content, withdrawal. It is in
// public ids and names, so that it means the same whatever bundle it is applied to
// (model/live_catalog.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "features/user_state.h"

namespace shortlist {

// One change of one item.
struct ItemChange {
  enum class Kind : uint8_t {
    kUpsert,  // The item is in the catalog, with this title and this content and no other.
    kDelete,  // It is not.
    kHide,    // It must not be shown until a time.
  };
  Kind kind = Kind::kUpsert;
  std::string item_id;
  std::string title;
  std::vector<NamedAttribute> attributes;
  std::vector<float> vector;    // That it brought along; empty: none.
  int64_t hidden_until_ms = 0;  // Milliseconds since the Unix epoch; 0: it may be shown at once.
};

// All that changes have told of an item.
struct ItemState {
  enum class Presence : uint8_t { kAsTrained, kUpserted, kDeleted };
  Presence presence = Presence::kAsTrained;
  // Of kUpserted.
  std::string title;
  std::vector<NamedAttribute> attributes;
  std::vector<float> vector;
  // Neither an upsert nor a deletion changes it.
  int64_t hidden_until_ms = 0;

  bool IsHidden(int64_t now_ms) const {
    return presence == Presence::kDeleted || hidden_until_ms > now_ms;
  }
};

// Brings the state up to date with the next change of its item.
void Apply(const ItemChange& change, ItemState& state);

// By item id.
using CatalogChanges = std::map<std::string, ItemState, std::less<>>;

}  // namespace shortlist
