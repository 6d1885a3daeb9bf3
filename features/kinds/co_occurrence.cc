#include "features/kinds/co_occurrence.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "features/row_map.h"

namespace shortlist {
namespace {

// Items whose neighbours are on their way from memory.
constexpr size_t kAhead = 4;

// Co-occurrence of the item with the history, summed, each item of the history with the weight of
// its age: the root of its share of the largest sum among the candidates, which tells what occurs
// with the history at all more from what does not.
class CoOccurrence : public FeatureComputer {
 public:
  explicit CoOccurrence(const FeatureInputs& inputs) : inputs_(inputs) {}

  // Goes through the neighbours of the history and picks those that are candidates: there are far
  // fewer candidates than neighbours.
  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    // Roomier than need be: most neighbours are no candidates, which an empty slot says at once.
    RowMap<float> sums(2 * KeyCount(request.items));
    for (const ItemRow item : request.items)
      for (const ItemRow key : KeysOf(item)) sums[key] = 0;
    const std::vector<HistoryEntry>& history = request.user->history;
    const size_t width = inputs_.neighbours;
    const size_t length = std::min(history.size(), inputs_.neighbour_weights.size());
    auto row_of = [&](size_t age) { return history[history.size() - 1 - age].item * width; };
    for (size_t age = 0; age < length; ++age) {
      const ItemRow* next = &inputs_.neighbour_items[row_of(std::min(age + kAhead, length - 1))];
      for (size_t n = 0; n < width; n += 16) __builtin_prefetch(next + n);
      const float weight = inputs_.neighbour_weights[age];
      for (size_t entry = row_of(age); entry < row_of(age) + width; ++entry) {
        const ItemRow item = inputs_.neighbour_items[entry];
        if (item == kNoItem) break;
        if (float* sum = sums.Find(item)) *sum += weight * inputs_.neighbour_scores[entry];
      }
    }
    std::vector<float>& values = columns.numbers;
    values.reserve(request.items.size());
    for (const ItemRow item : request.items) values.push_back(MeanOf(sums, item));
    const float largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    for (float& value : values) value = largest > 0 ? std::sqrt(value / largest) : 0;
  }

  // The item of the history that co-occurs most with the candidate.
  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& request,
                       const Candidate& candidate, size_t /*position*/) const override {
    const std::vector<HistoryEntry>& history = request.user->history;
    const Keys keys = KeysOf(candidate.item);
    ItemRow best = kNoItem;
    float best_score = 0;
    for (size_t age = 0; age < std::min(history.size(), inputs_.neighbour_weights.size()); ++age) {
      const ItemRow recent = history[history.size() - 1 - age].item;
      for (size_t n = 0; n < inputs_.neighbours; ++n) {
        const size_t entry = recent * inputs_.neighbours + n;
        if (keys.Have(inputs_.neighbour_items[entry]) &&
            inputs_.neighbour_weights[age] * inputs_.neighbour_scores[entry] > best_score) {
          best_score = inputs_.neighbour_weights[age] * inputs_.neighbour_scores[entry];
          best = recent;
        }
      }
    }
    return NameOf(best, *inputs_.catalog);
  }

 private:
  // The rows by which an item is a neighbour of others: its own or, of one that came after
  // training, those of the items that are most like it.
  class Keys {
   public:
    explicit Keys(ItemRow own) : own_(own) {}
    explicit Keys(std::span<const ItemRow> alike) : alike_(alike) {}
    const ItemRow* begin() const { return alike_.empty() ? &own_ : alike_.data(); }
    const ItemRow* end() const { return begin() + size(); }
    size_t size() const { return alike_.empty() ? 1 : alike_.size(); }
    bool Have(ItemRow row) const { return std::find(begin(), end(), row) != end(); }

   private:
    ItemRow own_ = kNoItem;
    std::span<const ItemRow> alike_;
  };
  Keys KeysOf(ItemRow item) const {
    const ItemRow learned = inputs_.catalog->LearnedRow(item);
    if (learned != kNoItem) return Keys(learned);
    const std::span<const ItemRow> alike = inputs_.catalog->AlikeRows(item);
    return alike.empty() ? Keys(item) : Keys(alike);  // Its own, by which it is nobody's neighbour.
  }
  size_t KeyCount(std::span<const ItemRow> items) const {
    size_t count = items.size();
    for (const ItemRow item : items)
      if (item >= inputs_.catalog->trained_count()) count += Catalog::kMostAlike;
    return count;
  }
  float MeanOf(const RowMap<float>& sums, ItemRow item) const {
    const Keys keys = KeysOf(item);
    float total = 0;
    for (const ItemRow key : keys) total += *sums.Find(key);
    return total / static_cast<float>(keys.size());
  }

  FeatureInputs inputs_;
};

std::unique_ptr<FeatureComputer> Make(const FeatureInputs& inputs) {
  return std::make_unique<CoOccurrence>(inputs);
}

}  // namespace

const FeatureKindInfo kCoOccurrenceKind{.kind = FeatureKind::kCoOccurrence,
                                        .group = "co-occurrence",
                                        .shape = FeatureShape::kColumn,
                                        .make = Make,
                                        .has_number = true,
                                        .is_cross = true};

}  // namespace shortlist
