#include "retrieval/candidate_generator.h"

#include <algorithm>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/vector_kernels.h"

namespace shortlist {
namespace {

// Shares of the places.
constexpr double kSimilarToRecentShare = 0.20;
constexpr double kPopularShare = 0.05;
constexpr double kPopularShareForUnknownUser = 0.50;

size_t Places(size_t k, double share) {
  return static_cast<size_t>(static_cast<double>(k) * share);
}

bool NothingIsKnownOf(const UserState& user) {
  return user.history.empty() && user.attribute_codes.empty();
}

}  // namespace

CandidateGenerator::CandidateGenerator(const Catalog& catalog, const TwoTower& towers,
                                       const ItemIndex& index, const ItemSimilarity& similarity)
    : towers_(towers), two_tower_(index), similar_to_recent_(similarity), popular_(catalog) {}

std::vector<Candidate> CandidateGenerator::Generate(const UserState& user,
                                                    const ContextState& context,
                                                    const ItemFilter& filter, size_t k) const {
  const std::vector<float> user_vector = towers_.UserVector(user, context);
  const CandidateQuery query{user, filter, user_vector};
  const std::vector<ItemRow> nearest = two_tower_.Retrieve(query, k);
  k = nearest.size();

  std::vector<Candidate> candidates;
  candidates.reserve(k);
  absl::flat_hash_set<ItemRow> taken;
  auto take = [&](ItemRow row, SourceId source) {
    if (!taken.insert(row).second) return false;
    float score = DotProduct(user_vector.data(), towers_.item_embedding(row).data(), towers_.dim());
    candidates.push_back({row, score, source});
    return true;
  };
  // Takes items from the front of the list until `places` of them are taken.
  auto take_some = [&](std::span<const ItemRow> rows, SourceId source, size_t places) {
    for (size_t i = 0; i < rows.size() && places > 0; ++i) {
      if (take(rows[i], source)) --places;
    }
  };

  const bool unknown = NothingIsKnownOf(user);
  const size_t popular = Places(k, unknown ? kPopularShareForUnknownUser : kPopularShare);
  const size_t similar = Places(k, unknown ? 0 : kSimilarToRecentShare);
  // Asking a source for k items makes sure that enough are left when those taken are passed over.
  if (unknown) take_some(popular_.Retrieve(query, popular), SourceId::kPopular, popular);
  take_some(std::span(nearest).first(k - similar - popular), SourceId::kTwoTower, k);
  if (!unknown) {
    take_some(similar_to_recent_.Retrieve(query, k), SourceId::kSimilarToRecent, similar);
    take_some(popular_.Retrieve(query, k), SourceId::kPopular, popular);
  }
  take_some(nearest, SourceId::kTwoTower, k - candidates.size());

  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return RanksBefore({a.item, a.score}, {b.item, b.score});
  });
  return candidates;
}

}  // namespace shortlist
