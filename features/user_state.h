// What is known of a user and of the circumstances when a request is made, in the terms of one
// bundle: rows and codes. Training builds these from the data set, serving from the state store
// and the request; retrieval and ranking see nothing else of a user.
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

struct UserState {
  // Row of the user's own embedding; kNoUser for a user not seen in training.
  uint32_t user = kNoUser;
  // Codes in the user schema, ascending.
  std::vector<uint32_t> attribute_codes;
  // Oldest first. Items the bundle does not know are left out.
  std::vector<HistoryEntry> history;
};

// The items of the history, in its order.
inline std::vector<ItemRow> ItemsOf(const UserState& user) {
  std::vector<ItemRow> items;
  items.reserve(user.history.size());
  for (const HistoryEntry& entry : user.history) items.push_back(entry.item);
  return items;
}

struct ContextState {
  int64_t time_ms = 0;
  // Codes in the context schema, ascending.
  std::vector<uint32_t> attribute_codes;
};

// A candidate on its way through the stages.
enum class SourceId : uint8_t { kTwoTower = 1, kSimilarToRecent = 2, kPopular = 3, kPinned = 4 };
// Sources that training knows: the first ones. Of a candidate that is there only because it is
// pinned, the source is a missing feature.
inline constexpr uint32_t kSourceCount = 3;

struct Candidate {
  ItemRow item;
  float score;  // Cosine of user vector and item embedding, whatever the source.
  SourceId source;
};

}  // namespace shortlist
