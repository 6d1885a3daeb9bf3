#include "learning/towers/untrained_rows.h"

namespace shortlist {

UntrainedRows FindUntrained(const Dataset& dataset, std::span<const UserSequence> sequences) {
  UntrainedRows rows;
  for (uint32_t user = 0; user < sequences.size(); ++user)
    if (sequences[user].begin == sequences[user].train_end) rows.users.push_back(user);
  const std::vector<uint32_t> counts = TrainingCounts(dataset, sequences);
  for (ItemRow item = 0; item < counts.size(); ++item)
    if (counts[item] == 0 && !CodesOf(dataset.items, item).empty()) rows.items.push_back(item);
  return rows;
}

}  // namespace shortlist
