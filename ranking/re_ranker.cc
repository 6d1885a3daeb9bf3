#include "ranking/re_ranker.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/vector_kernels.h"

namespace shortlist {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();
// New items are shown for their own sake only if they are in the best one in so many candidates.
constexpr size_t kBestShare = 5;

// One re-ranking, from beginning to end.
class Placement {
 public:
  Placement(const PlacementRules& rules, const ScoredCandidates& candidates, size_t count)
      : rules_(rules),
        in_(candidates),
        places_(std::min(count, candidates.items.size()), kNone),
        states_(candidates.items.size()),
        code_counts_(rules.limits.empty() ? 0 : candidates.catalog->schema().code_count(), 0) {}

  std::vector<PlacedCandidate> Run() {
    Order();
    PlacePins(states_.size() <= places_.size());
    Enqueue();
    std::vector<PlacedCandidate> answer;
    answer.reserve(places_.size());
    for (size_t p = 0; p < places_.size(); ++p) {
      size_t& place = places_[p];
      const bool pinned = place != kNone;
      if (!pinned && IsForNewItem(p)) place = BestNewItem();
      const bool as_new = !pinned && place != kNone;
      if (place == kNone) place = Next();
      State& state = states_[place];
      state.shown = true;
      if (pinned || as_new) {
        NotePlaceOfItsOwn(state, pinned ? kMovedByPin : kMovedAsNewItem);
      } else {
        NoteMoves(state);
      }
      if (!pinned) Count(place);  // Pinned ones were counted at the beginning.
    }
    for (size_t candidate : places_)
      answer.push_back({.candidate = candidate,
                        .place_by_score = states_[candidate].place_by_score,
                        .moved_by = states_[candidate].moved_by});
    return answer;
  }

 private:
  struct State {
    size_t place_by_score = 0;
    size_t boosted_place = 0;  // Place by the score with boosts.
    bool pinned = false;
    bool shown = false;
    uint64_t held_back_by = 0;
    uint64_t moved_by = 0;
    // Largest likeness with the first `compared` of shown_items_.
    float likeness = 0;
    size_t compared = 0;
  };
  // Best value first, equal ones by boosted_place.
  struct Entry {
    float value = 0;
    size_t boosted_place = 0;
    size_t candidate = 0;
    bool operator<(const Entry& other) const {
      return value != other.value ? value < other.value : boosted_place > other.boosted_place;
    }
  };

  float Boost(size_t candidate) const { return in_.boosts.empty() ? 0 : in_.boosts[candidate]; }

  // Positions in descending order of a value.
  template <class Value>
  std::vector<size_t> Descending(const Value& value) const {
    std::vector<size_t> order(states_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return value(a) != value(b) ? value(a) > value(b) : a < b;
    });
    return order;
  }

  void Order() {
    by_score_ = Descending([&](size_t i) { return in_.scores[i]; });
    boosted_ = in_.boosts.empty()
                   ? by_score_
                   : Descending([&](size_t i) { return in_.scores[i] + in_.boosts[i]; });
    for (size_t place = 0; place < by_score_.size(); ++place) {
      states_[by_score_[place]].place_by_score = place;
      states_[boosted_[place]].boosted_place = place;
    }
  }

  // With `all_are_shown`, a place beyond the last one means the last one.
  void PlacePins(bool all_are_shown) {
    for (const PlacementRules::Pin& pin : rules_.pins) {
      if (states_[pin.candidate].pinned || places_.empty()) continue;
      if (pin.place >= places_.size() && !all_are_shown) continue;
      const auto wanted =
          places_.begin() + static_cast<std::ptrdiff_t>(std::min(pin.place, places_.size() - 1));
      auto place = std::find(wanted, places_.end(), kNone);
      if (place == places_.end()) {
        const auto above = std::find(std::reverse_iterator(wanted), places_.rend(), kNone);
        if (above == places_.rend()) continue;
        place = std::prev(above.base());
      }
      *place = pin.candidate;
      states_[pin.candidate].pinned = true;
      Count(pin.candidate);
    }
  }

  void Enqueue() {
    const std::span<const float> relevances =
        in_.boosts.empty() ? in_.relevances : in_.boosted_relevances;
    const float largest = *std::max_element(relevances.begin(), relevances.end());
    std::vector<Entry> entries;
    entries.reserve(states_.size());
    relevances_.assign(states_.size(), 0);
    for (size_t candidate : boosted_) {
      State& state = states_[candidate];
      if (state.pinned) continue;
      if (in_.probabilities[candidate] < rules_.min_probability) {
        state.held_back_by = kMovedByMinProbability;
        below_minimum_.push_back(candidate);
        continue;
      }
      if (largest > 0) relevances_[candidate] = relevances[candidate] / largest;
      entries.push_back({Value(candidate), state.boosted_place, candidate});
    }
    queue_ = std::priority_queue<Entry>(std::less<Entry>(), std::move(entries));
  }

  float Value(size_t candidate) const {
    // Without diversity the order is by score, which tells apart what probabilities may not.
    if (rules_.diversity == 0) return 0;
    return (1 - rules_.diversity) * relevances_[candidate] -
           rules_.diversity * states_[candidate].likeness;
  }

  // The candidate for the next place. A value only falls as items are placed, so that one which is
  // up to date and still the largest is larger than all others would be.
  size_t Next() {
    while (!queue_.empty()) {
      const Entry entry = queue_.top();
      queue_.pop();
      State& state = states_[entry.candidate];
      if (state.shown) continue;  // In a place for new items.
      if (const uint64_t limit = LimitReached(entry.candidate); limit != 0) {
        state.held_back_by = limit;
        over_limit_.push_back(entry.candidate);
        continue;
      }
      if (rules_.diversity == 0 || state.compared == shown_items_.size()) return entry.candidate;
      for (; state.compared < shown_items_.size(); ++state.compared)
        state.likeness =
            std::max(state.likeness, DotProduct(Embedding(shown_items_[state.compared]),
                                                Embedding(in_.items[entry.candidate]), in_.dim));
      queue_.push({Value(entry.candidate), entry.boosted_place, entry.candidate});
    }
    if (next_held_back_ == 0)
      std::sort(over_limit_.begin(), over_limit_.end(), [&](size_t a, size_t b) {
        return states_[a].boosted_place < states_[b].boosted_place;
      });
    const size_t next = next_held_back_++;
    return next < over_limit_.size() ? over_limit_[next]
                                     : below_minimum_[next - over_limit_.size()];
  }

  bool IsNew(size_t candidate) const {
    return in_.catalog->LearnedRow(in_.items[candidate]) == kNoItem;
  }

  bool IsForNewItem(size_t p) const {
    const size_t interval = rules_.new_item_interval;
    if (interval == 0 || (p + 1) % interval != 0) return false;
    const auto end = places_.begin() + static_cast<std::ptrdiff_t>(p);
    return std::none_of(end - static_cast<std::ptrdiff_t>(interval - 1), end,
                        [&](size_t candidate) { return IsNew(candidate); });
  }

  // That which a place for new items goes to; kNone: there is none.
  size_t BestNewItem() const {
    for (const size_t candidate : std::span(boosted_).first(boosted_.size() / kBestShare)) {
      const State& state = states_[candidate];
      if (IsNew(candidate) && !state.shown && !state.pinned &&
          in_.probabilities[candidate] >= rules_.min_probability && LimitReached(candidate) == 0)
        return candidate;
    }
    return kNone;
  }

  const float* Embedding(ItemRow item) const { return &in_.embeddings[item * in_.dim]; }

  // The first limit that leaves no room for the candidate; 0: none.
  uint64_t LimitReached(size_t candidate) const {
    for (size_t i = 0; i < rules_.limits.size(); ++i) {
      const PlacementRules::Limit& limit = rules_.limits[i];
      for (uint32_t code : in_.catalog->codes(in_.items[candidate]))
        if (limit.first_code <= code && code < limit.end_code && code_counts_[code] >= limit.most)
          return uint64_t{kMovedByFirstLimit} << i;
      bool reached = false;
      in_.catalog->ForEachUncoded(
          in_.items[candidate], [&](uint32_t field, std::string_view value) {
            const auto count = uncoded_counts_.find({field, std::string(value)});
            reached |= field == limit.field && count != uncoded_counts_.end() &&
                       count->second >= limit.most;
          });
      if (reached) return uint64_t{kMovedByFirstLimit} << i;
    }
    return 0;
  }

  // The candidate has its place: it counts for those that come.
  void Count(size_t candidate) {
    shown_items_.push_back(in_.items[candidate]);
    if (rules_.limits.empty()) return;
    for (uint32_t code : in_.catalog->codes(in_.items[candidate])) ++code_counts_[code];
    in_.catalog->ForEachUncoded(in_.items[candidate], [&](uint32_t field, std::string_view value) {
      ++uncoded_counts_[{field, std::string(value)}];
    });
  }

  // Calls body(state) for those of better score that are not shown yet.
  template <class Body>
  void ForEachBetter(const State& than, const Body& body) {
    // All before first_hidden_ are shown.
    while (first_hidden_ < by_score_.size() && states_[by_score_[first_hidden_]].shown)
      ++first_hidden_;
    for (size_t place = first_hidden_; place < than.place_by_score; ++place)
      if (State& state = states_[by_score_[place]]; !state.shown) body(state);
  }

  void NotePlaceOfItsOwn(State& state, uint64_t rule) {
    ForEachBetter(state, [&](const State&) { state.moved_by |= rule; });
  }

  // Why the one that was chosen stands above each of better score.
  void NoteMoves(State& chosen) {
    ForEachBetter(chosen, [&](State& better) {
      uint64_t rule = better.held_back_by;
      if (better.pinned) rule = kMovedByPin;
      if (rule == 0 && better.boosted_place > chosen.boosted_place) {
        if (BoostOf(chosen) > 0) {
          chosen.moved_by |= kMovedByBoost;
          if (BoostOf(better) >= 0) return;
        }
        rule = kMovedByBoost;
      }
      if (rule == 0) rule = kMovedByDiversity;
      better.moved_by |= rule;
      chosen.moved_by |= rule;
    });
  }
  float BoostOf(const State& state) const {
    return Boost(static_cast<size_t>(&state - states_.data()));
  }

  const PlacementRules& rules_;
  const ScoredCandidates& in_;
  std::vector<size_t> places_;  // The candidate of each.
  std::vector<State> states_;   // By candidate.
  std::vector<uint32_t> code_counts_;
  // By field and value, of those that have no code.
  absl::flat_hash_map<std::pair<uint32_t, std::string>, uint32_t> uncoded_counts_;
  std::vector<size_t> by_score_;  // Candidates, best first.
  std::vector<size_t> boosted_;
  std::vector<float> relevances_;
  std::vector<ItemRow> shown_items_;  // Those that have their place.
  std::priority_queue<Entry> queue_;
  std::vector<size_t> over_limit_;
  std::vector<size_t> below_minimum_;
  size_t next_held_back_ = 0;  // Of these two, one after the other.
  size_t first_hidden_ = 0;
};

}  // namespace

std::vector<PlacedCandidate> ReRank(const PlacementRules& rules, const ScoredCandidates& candidates,
                                    size_t count) {
  if (candidates.items.empty() || count == 0) return {};
  return Placement(rules, candidates, count).Run();
}

}  // namespace shortlist
