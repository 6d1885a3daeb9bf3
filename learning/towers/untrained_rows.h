// Whose id embeddings training has taught nothing: to be forgotten when it is over, so that what
// else is known speaks alone, an item's attributes, a user's history.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "data/user_sequences.h"

namespace shortlist {

struct UntrainedRows {
  // Without a training interaction.
  std::vector<uint32_t> users;
  // Without one, and with attributes: their embedding knows only that they were negatives. (An
  // item without attributes keeps its embedding, for want of anything else.)
  std::vector<ItemRow> items;
};

UntrainedRows FindUntrained(const Dataset& dataset, std::span<const UserSequence> sequences);

}  // namespace shortlist
