// A data set as if some of its items had never been there: what measures items that are new.
//
//   const std::vector<ItemRow> held_out = DrawItems(TrainingCounts(dataset, sequences), 0.1, seed);
//   const ItemHoldout before = WithoutItems(dataset, sequences, held_out);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "data/user_sequences.h"

namespace shortlist {

struct ItemHoldout {
  // The same users and schemas, the other items and what was done to them.
  Dataset dataset;
  std::vector<UserSequence> sequences;  // Of the same users, cut at the same places.
  // By row of the whole data set: the row in this one, kNoItem of what was left out.
  std::vector<ItemRow> row_of;
};

// A share, 0 to 1, of the items that have interactions; ascending.
std::vector<ItemRow> DrawItems(std::span<const uint32_t> counts, double share, uint64_t seed);

// `items`: rows, ascending.
ItemHoldout WithoutItems(const Dataset& dataset, std::span<const UserSequence> sequences,
                         std::span<const ItemRow> items);

}  // namespace shortlist
