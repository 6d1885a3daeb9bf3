// Requests as they would have been made in the past: what was known of a user just before one of
// their interactions.
#pragma once

#include <cstddef>

#include "features/user_state.h"
#include "training/dataset.h"
#include "training/user_sequences.h"

namespace shortlist {

struct PastRequest {
  UserState user;
  ContextState context;
};

// The request just before interaction `position` of the user's sequence; everything before it, and
// nothing else, is in the history. The circumstances are those of that interaction.
PastRequest RequestBefore(const Dataset& dataset, const UserSequence& sequence, uint32_t user,
                          size_t position);

}  // namespace shortlist
