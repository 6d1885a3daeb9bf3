#include "features/kinds/co_occurrence.h"

#include <algorithm>
#include <cmath>

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
    RowMap<float> sums(2 * request.items.size());
    for (ItemRow item : request.items) sums[KeyOf(item)] = 0;
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
    for (ItemRow item : request.items) values.push_back(*sums.Find(KeyOf(item)));
    const float largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    for (float& value : values) value = largest > 0 ? std::sqrt(value / largest) : 0;
  }

  // The item of the history that co-occurs most with the candidate.
  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& request,
                       const Candidate& candidate, size_t /*position*/) const override {
    const std::vector<HistoryEntry>& history = request.user->history;
    const ItemRow key = KeyOf(candidate.item);
    ItemRow best = kNoItem;
    float best_score = 0;
    for (size_t age = 0; age < std::min(history.size(), inputs_.neighbour_weights.size()); ++age) {
      const ItemRow recent = history[history.size() - 1 - age].item;
      for (size_t n = 0; n < inputs_.neighbours; ++n) {
        const size_t entry = recent * inputs_.neighbours + n;
        if (inputs_.neighbour_items[entry] == key &&
            inputs_.neighbour_weights[age] * inputs_.neighbour_scores[entry] > best_score) {
          best_score = inputs_.neighbour_weights[age] * inputs_.neighbour_scores[entry];
          best = recent;
        }
      }
    }
    return NameOf(best, *inputs_.catalog);
  }

 private:
  // By what row an item is a neighbour of others. Of items that came after training: by one that
  // none is.
  ItemRow KeyOf(ItemRow item) const {
    const ItemRow learned = inputs_.catalog->LearnedRow(item);
    return learned == kNoItem ? item : learned;
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
