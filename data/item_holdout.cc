#include "data/item_holdout.h"

#include <algorithm>
#include <random>

namespace shortlist {
namespace {

// Rows that `keep` says, of arrays in CSR form.
template <class Offset>
void KeepRows(const std::vector<char>& keep, std::vector<Offset>& offsets,
              std::vector<uint32_t>& codes) {
  if (offsets.empty()) return;
  std::vector<Offset> kept_offsets = {0};
  std::vector<uint32_t> kept;
  for (size_t row = 0; row < keep.size(); ++row) {
    if (!keep[row]) continue;
    kept.insert(kept.end(), codes.begin() + static_cast<ptrdiff_t>(offsets[row]),
                codes.begin() + static_cast<ptrdiff_t>(offsets[row + 1]));
    kept_offsets.push_back(kept.size());
  }
  offsets = std::move(kept_offsets);
  codes = std::move(kept);
}

// The same of a list by row; an empty one stays so.
template <class T>
void KeepRows(const std::vector<char>& keep, std::vector<T>& list) {
  size_t kept = 0;
  for (size_t row = 0; row < list.size(); ++row)
    if (keep[row]) list[kept++] = list[row];
  list.resize(kept);
}

void KeepItems(const std::vector<char>& keep, CatalogData& items) {
  KeepRows(keep, items.ids);
  KeepRows(keep, items.titles);
  KeepRows(keep, items.code_offsets, items.codes);
  for (std::vector<double>& numbers : items.numbers) KeepRows(keep, numbers);
  if (items.vector_dim > 0) {
    std::vector<float> vectors;
    for (size_t row = 0; row < keep.size(); ++row) {
      const auto vector = items.vectors.begin() + static_cast<ptrdiff_t>(row * items.vector_dim);
      if (keep[row]) vectors.insert(vectors.end(), vector, vector + items.vector_dim);
    }
    items.vectors = std::move(vectors);
  }
  KeepRows(keep, items.interaction_counts);
  KeepRows(keep, items.liked_counts);
}

// Whether each interaction stays; gives those that do their new rows.
std::vector<char> KeepInteractions(std::span<const ItemRow> row_of,
                                   std::vector<DatasetInteraction>& interactions) {
  std::vector<char> keep;
  keep.reserve(interactions.size());
  for (DatasetInteraction& interaction : interactions) {
    interaction.item = row_of[interaction.item];
    keep.push_back(interaction.item != kNoItem ? 1 : 0);
  }
  KeepRows(keep, interactions);
  return keep;
}

}  // namespace

std::vector<ItemRow> DrawItems(std::span<const uint32_t> counts, double share, uint64_t seed) {
  std::vector<ItemRow> items;
  for (ItemRow item = 0; item < counts.size(); ++item)
    if (counts[item] > 0) items.push_back(item);
  std::mt19937_64 random(seed);
  std::shuffle(items.begin(), items.end(), random);
  items.resize(static_cast<size_t>(share * static_cast<double>(items.size())));
  std::sort(items.begin(), items.end());
  return items;
}

ItemHoldout WithoutItems(const Dataset& dataset, std::span<const UserSequence> sequences,
                         std::span<const ItemRow> items) {
  ItemHoldout result{.dataset = dataset, .sequences = {}, .row_of = {}};
  std::vector<char> keep_item(dataset.items.ids.size(), 1);
  for (const ItemRow item : items) keep_item[item] = 0;
  ItemRow next = 0;
  for (const char keep : keep_item) result.row_of.push_back(keep ? next++ : kNoItem);
  Dataset& reduced = result.dataset;
  KeepItems(keep_item, reduced.items);
  const std::vector<char> keep = KeepInteractions(result.row_of, reduced.interactions);
  KeepInteractions(result.row_of, reduced.refused);
  KeepRows(keep, reduced.parts);
  KeepRows(keep, reduced.context_attributes.offsets, reduced.context_attributes.codes);

  std::vector<size_t> position = {0};  // By position before.
  for (const char kept : keep) position.push_back(position.back() + (kept ? 1 : 0));
  for (const UserSequence& sequence : sequences)
    result.sequences.push_back({.begin = position[sequence.begin],
                                .train_end = position[sequence.train_end],
                                .valid_end = position[sequence.valid_end],
                                .end = position[sequence.end]});
  return result;
}

}  // namespace shortlist
