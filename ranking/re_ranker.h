// Re-ranking: the order in which scored candidates are shown, when more counts than the score.
//
// A score is what orders the candidates: the ranker's, or the logarithm of their value
// (ranking/value_function.h).
//
// Places are filled from the top. Pinned candidates have theirs. Every other place goes to the
// candidate of the largest
//
//   (1 - diversity) relevance - diversity max(0, largest cosine with an item that has its place)
//
// (maximal marginal relevance: Carbonell and Goldstein 1998) among those that no limit holds back
// and whose probability is not below the minimum. Relevance is the probability, or the value, after
// boosts over the largest such one, so that it is 0 to 1 as the cosine is. Pinned items count for
// limits and likeness from the beginning. Some places may be for items that came after training.
// When no such candidate is left, those that a limit held back follow, then those below the
// minimum, both in the order of their boosted scores.
//
// Free functions without state; thread-safe.
//
//   std::vector<PlacedCandidate> answer = ReRank(rules, candidates, 20);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "features/catalog.h"

namespace shortlist {

struct PlacementRules {
  // At most `most` items of each value of a field: of the codes [first_code, end_code), and of
  // values without a code.
  struct Limit {
    uint32_t field = 0;  // Its position in the schema.
    uint32_t first_code = 0;
    uint32_t end_code = 0;
    uint32_t most = 0;
  };
  struct Pin {
    size_t candidate = 0;  // Position among the candidates.
    size_t place = 0;      // From 0.
  };

  float diversity = 0;        // 0 to 1.
  float min_probability = 0;  // 0 to 1.
  // Of every so many places the last is for a candidate that came after training, unless one above
  // has one: the best in the best fifth that no limit and no minimum holds back. 0: none is.
  size_t new_item_interval = 0;
  std::vector<Limit> limits;  // At most kMaxLimits.
  std::vector<Pin> pins;      // The first of a candidate counts.
};
inline constexpr size_t kMaxLimits = 32;

// Parallel lists, one entry for each candidate.
struct ScoredCandidates {
  const Catalog* catalog = nullptr;
  std::span<const float> embeddings;  // By item: `dim` floats, each row of length 1.
  size_t dim = 0;
  std::span<const uint32_t> items;
  std::span<const float> scores;  // Log-odds, or logarithms of values.
  std::span<const float> probabilities;
  // What diversity weighs, by whatever factor: the probabilities, or the values.
  std::span<const float> relevances;
  // What boosts add to the scores, and the relevances then. Empty: no boosts.
  std::span<const float> boosts;
  std::span<const float> boosted_relevances;
};

// Which rules moved a candidate: a bit each.
enum : uint64_t {
  kMovedByPin = 1,
  kMovedByBoost = 2,
  kMovedByDiversity = 4,
  kMovedByMinProbability = 8,
  kMovedAsNewItem = 16,
  kMovedByFirstLimit = 32,  // Of limit i: this << i.
};

struct PlacedCandidate {
  size_t candidate = 0;       // Position among the candidates.
  size_t place_by_score = 0;  // From 0, of all candidates; equal scores by position.
  // The rules that put the candidate above one of better score or below one of worse: because they
  // pinned, boosted or held it back, or held back those that it is above now. A candidate that is
  // above its place by score has at least one.
  uint64_t moved_by = 0;
};

// min(count, number of candidates) of them, first place first.
std::vector<PlacedCandidate> ReRank(const PlacementRules& rules, const ScoredCandidates& candidates,
                                    size_t count);

}  // namespace shortlist
