// How much is known of whom candidates are for. Each level may have a mix of candidate sources of
// its own (retrieval/sources/candidate_mix.h).
#pragma once

#include <cstdint>

#include "features/encoded_request.h"

namespace shortlist {

// The numbers are those of the enum ColdStartLevel of proto/shortlist/v1/common.proto.
enum class ColdStartLevel : uint8_t {
  kUnspecified = 0,  // Of what is no request of somebody.
  kKnownUser = 1,    // A user whom the model was trained with, and their history.
  kHistory = 2,      // A user with a history, whom the model was trained without.
  kSession = 3,      // Items of late of somebody without an id.
  kAttributes = 4,   // No history with an item that the bundle has.
  kContext = 5,      // Nothing but the circumstances.
};
inline constexpr uint8_t kColdStartLevels = 5;

// `has_id`: whether they are a user by id. A user whom the model was trained with is known by what
// they did: without any of it they are as new as anybody.
ColdStartLevel LevelOf(const EncodedUser& user, bool has_id);

}  // namespace shortlist
