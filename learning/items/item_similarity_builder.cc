#include "learning/items/item_similarity_builder.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace shortlist {
namespace {

// What came before an item says half as much of what comes after it.
constexpr float kBefore = 0.5F;

// The users' items, each once, at its last place; and for every item where it is.
struct Histories {
  std::vector<ItemRow> items;
  std::vector<size_t> begins = {0};  // Of user u: items[begins[u], begins[u + 1]).
  std::vector<uint32_t> users;       // By position in `items`.
  std::vector<size_t> place_begins;  // Of item i: places[place_begins[i], place_begins[i + 1]).
  std::vector<size_t> places;        // Positions in `items`.

  size_t CountOf(ItemRow item) const { return place_begins[item + 1] - place_begins[item]; }
};

Histories HistoriesOf(const Dataset& dataset, std::span<const UserSequence> sequences,
                      size_t max_user_items) {
  Histories histories;
  const size_t item_count = dataset.items.ids.size();
  std::vector<size_t> seen_by(item_count, SIZE_MAX);
  for (size_t user = 0; user < sequences.size(); ++user) {
    const UserSequence& sequence = sequences[user];
    const size_t length = std::min(sequence.train_end - sequence.begin, max_user_items);
    for (size_t i = sequence.train_end; i > sequence.train_end - length; --i) {
      const ItemRow item = dataset.interactions[i - 1].item;
      if (seen_by[item] == user) continue;
      seen_by[item] = user;
      histories.items.push_back(item);
      histories.users.push_back(static_cast<uint32_t>(user));
    }
    std::reverse(histories.items.begin() + static_cast<ptrdiff_t>(histories.begins.back()),
                 histories.items.end());
    histories.begins.push_back(histories.items.size());
  }
  histories.place_begins.assign(item_count + 1, 0);
  for (ItemRow item : histories.items) ++histories.place_begins[item + 1];
  for (size_t item = 0; item < item_count; ++item)
    histories.place_begins[item + 1] += histories.place_begins[item];
  histories.places.resize(histories.items.size());
  std::vector<size_t> next(histories.place_begins.begin(), histories.place_begins.end() - 1);
  for (size_t place = 0; place < histories.items.size(); ++place)
    histories.places[next[histories.items[place]]++] = place;
  return histories;
}

}  // namespace

std::vector<float> WeightsByAge(const ItemSimilarityOptions& options) {
  std::vector<float> weights;
  for (size_t age = 0; age < options.history; ++age)
    weights.push_back(std::pow(static_cast<float>(age + 1), -options.age_exponent));
  return weights;
}

ItemSimilarityData BuildItemSimilarity(const Dataset& dataset,
                                       std::span<const UserSequence> sequences,
                                       const ItemSimilarityOptions& options, WorkerPool& pool) {
  const size_t items = dataset.items.ids.size();
  const size_t width = options.neighbours;
  const Histories histories = HistoriesOf(dataset, sequences, options.max_user_items);
  std::vector<float> user_weights;
  for (size_t user = 0; user < sequences.size(); ++user)
    user_weights.push_back(
        std::pow(static_cast<float>(histories.begins[user + 1] - histories.begins[user]),
                 -options.user_exponent));
  std::vector<float> from_weights, to_weights;
  for (ItemRow item = 0; item < items; ++item) {
    const auto count = static_cast<float>(histories.CountOf(item));
    from_weights.push_back(std::pow(count, options.from_exponent));
    to_weights.push_back(std::pow(count, options.to_exponent));
  }
  std::vector<float> by_distance(options.max_user_items, 1);
  for (size_t d = 1; options.in_order && d < by_distance.size(); ++d)
    by_distance[d] = 1 / std::sqrt(static_cast<float>(d));
  const float before = options.in_order ? kBefore : 1;

  ItemSimilarityData data{.neighbours = options.neighbours,
                          .items = std::vector<ItemRow>(items * width, kNoItem),
                          .scores = std::vector<float>(items * width, 0),
                          .weights = WeightsByAge(options)};
  // More ranges than threads, since popular items take longer.
  const size_t ranges = pool.threads() * 16;
  pool.ForEach(ranges, [&](size_t range) {
    std::vector<float> sums(items, 0);
    std::vector<ItemRow> touched;
    for (size_t item = items * range / ranges; item < items * (range + 1) / ranges; ++item) {
      auto add = [&](ItemRow other, float weight) {
        if (sums[other] == 0) touched.push_back(other);
        sums[other] += weight;
      };
      for (size_t i = histories.place_begins[item]; i < histories.place_begins[item + 1]; ++i) {
        const size_t place = histories.places[i];
        const uint32_t user = histories.users[place];
        const float weight = user_weights[user];
        for (size_t other = histories.begins[user]; other < place; ++other)
          add(histories.items[other], before * weight * by_distance[place - other]);
        for (size_t other = place + 1; other < histories.begins[user + 1]; ++other)
          add(histories.items[other], weight * by_distance[other - place]);
      }
      for (ItemRow other : touched)
        sums[other] /= from_weights[item] * to_weights[other] + options.shrinkage;
      const size_t kept = std::min(width, touched.size());
      std::partial_sort(
          touched.begin(), touched.begin() + static_cast<ptrdiff_t>(kept), touched.end(),
          [&](ItemRow a, ItemRow b) { return sums[a] != sums[b] ? sums[a] > sums[b] : a < b; });
      for (size_t n = 0; n < kept; ++n) {
        data.items[item * width + n] = touched[n];
        data.scores[item * width + n] = sums[touched[n]];
      }
      for (ItemRow other : touched) sums[other] = 0;
      touched.clear();
    }
  });
  return data;
}

}  // namespace shortlist
