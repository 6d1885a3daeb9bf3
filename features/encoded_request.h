// What is known of a user and of the circumstances when a request is made, in the terms of one
// bundle: rows and codes. features/request_encoder.h makes them; retrieval and ranking see nothing
// else of a user.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "features/catalog.h"

namespace shortlist {

inline constexpr uint32_t kNoUser = std::numeric_limits<uint32_t>::max();

struct HistoryEntry {
  ItemRow item;
  int64_t time_ms;  // Milliseconds since the Unix epoch; 0 where not known.
  float value;      // E.g. the rating; 0 where not known.
};

struct EncodedUser {
  // Row of the user's own embedding; kNoUser for a user not seen in training.
  uint32_t user = kNoUser;
  // Codes in the user schema, ascending.
  std::vector<uint32_t> attribute_codes;
  // Oldest first. Items the bundle does not know are left out.
  std::vector<HistoryEntry> history;
};

// The items of the history, in its order.
inline std::vector<ItemRow> ItemsOf(const EncodedUser& user) {
  std::vector<ItemRow> items;
  items.reserve(user.history.size());
  for (const HistoryEntry& entry : user.history) items.push_back(entry.item);
  return items;
}

struct EncodedContext {
  int64_t time_ms = 0;
  // Codes in the context schema, ascending.
  std::vector<uint32_t> attribute_codes;
};

}  // namespace shortlist
