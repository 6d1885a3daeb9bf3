// Puts the rows of interactions into an order that does not depend on that of the file, and leaves
// out those that the spec does not want.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/dataset_spec.h"
#include "data/interactions/interaction_table.h"
#include "data/interner.h"

namespace shortlist {

// Rows of a table by user: user u has rows[begins[u], begins[u + 1]).
struct InteractionOrder {
  std::vector<uint32_t> rows;
  std::vector<size_t> begins;
};

// The rows of which `keep` is true, if it is not empty, each user's by part (if `parts`, by row, is
// not empty), then time; those of an unknown time come first. At equal times a hash of the user's
// and the item's id decides, which no data can be sorted by, then what the rows hold. Where there
// are no times at all a user's rows stay in the table's order or, within a part, have that of the
// hash: whoever split at random has kept no order, and any that the rows seem to have, such as that
// of the items' ids, would mislead. Rows of sequences keep the table's order in every case where
// their times are not known, after the others. `parts` are numbers that say which comes first.
InteractionOrder OrderByUserAndTime(const InteractionTable& table, std::span<const uint8_t> parts,
                                    const std::vector<bool>& keep, const Interner& users,
                                    const Interner& items);

// Of a user's rows with an item leaves the first or the last. Returns how many went.
uint64_t LeaveOutDuplicates(Duplicates which, const InteractionTable& table, size_t items,
                            InteractionOrder& order);

// Who and what a k-core leaves out.
struct LeftOut {
  std::vector<bool> users, items;  // By number in the table.
  size_t user_count = 0, item_count = 0;
  uint64_t rows = 0;
};

// Leaves out users and items with fewer than so many rows that are worth more than 0, and all their
// rows, again and again until all that are left have as many. 0: everybody stays.
LeftOut LeaveOutRare(uint32_t min_user, uint32_t min_item, const InteractionTable& table,
                     size_t items, InteractionOrder& order);

}  // namespace shortlist
