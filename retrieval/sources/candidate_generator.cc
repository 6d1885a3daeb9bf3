#include "retrieval/sources/candidate_generator.h"

#include <algorithm>
#include <span>

#include "common/vector_kernels.h"
#include "features/row_map.h"

namespace shortlist {
namespace {

size_t Places(size_t k, double share) {
  return static_cast<size_t>(static_cast<double>(k) * share);
}

bool NothingIsKnownOf(const EncodedUser& user) {
  return user.history.empty() && user.attribute_codes.empty();
}

bool IsBefore(const Candidate& a, const Candidate& b) {
  return RanksBefore({a.item, a.score}, {b.item, b.score});
}

}  // namespace

CandidateGenerator::CandidateGenerator(const Catalog& catalog, const TwoTower& towers,
                                       const ItemIndex& index, const ItemSimilarity& similarity,
                                       std::span<const CandidateSourceEntry> sources)
    : towers_(towers), index_(index) {
  const SourceParts parts{.catalog = &catalog, .similarity = &similarity};
  for (const CandidateSourceEntry& entry : sources) sources_.push_back({entry, entry.make(parts)});
}

std::vector<Candidate> CandidateGenerator::Generate(const EncodedUser& user,
                                                    const EncodedContext& context,
                                                    const ItemFilter& filter, size_t k,
                                                    std::span<const ItemRow> pinned) const {
  const std::vector<float> user_vector = towers_.UserVector(user, context);
  const std::vector<ScoredItem> nearest = index_.Search(user_vector, filter, k);
  std::vector<Candidate> candidates;
  candidates.reserve(nearest.size());
  if (nearest.size() < k) {
    for (const ScoredItem& item : nearest)
      candidates.push_back({item.item, item.score, SourceId::kTwoTower});
    return candidates;
  }

  const bool unknown = NothingIsKnownOf(user);
  auto places_of = [&](const Source& source) {
    return Places(k, unknown ? source.entry.share_for_unknown_user : source.entry.share);
  };
  // The nearest that have their places before other sources are asked.
  size_t placed = unknown ? 0 : k;
  if (!unknown)
    for (const Source& source : sources_) placed -= std::min(placed, places_of(source));
  TakenItems taken(k);
  for (const ScoredItem& item : std::span(nearest).first(placed)) taken[item.item] = true;
  std::vector<Candidate> others;
  auto take = [&](const CandidateSource& source, SourceId id, size_t places) {
    if (places == 0) return;
    const std::vector<ItemRow> rows = source.Retrieve({user, filter, taken}, places);
    Prefetch(rows);
    for (ItemRow row : rows) {
      taken[row] = true;
      others.push_back(Scored(row, user_vector, id));
    }
  };
  for (const Source& source : sources_)
    take(*source.source, source.entry.id, std::min(places_of(source), k - others.size()));

  const size_t places_left = k - others.size();
  for (size_t i = 0; candidates.size() < places_left; ++i)
    if (i < placed || taken.Find(nearest[i].item) == nullptr)
      candidates.push_back({nearest[i].item, nearest[i].score, SourceId::kTwoTower});
  std::sort(others.begin(), others.end(), IsBefore);
  candidates.insert(candidates.end(), others.begin(), others.end());
  std::inplace_merge(candidates.begin(),
                     candidates.begin() + static_cast<std::ptrdiff_t>(places_left),
                     candidates.end(), IsBefore);
  if (!pinned.empty()) AddPinned(pinned, filter, user_vector, candidates);
  return candidates;
}

std::vector<Candidate> CandidateGenerator::Score(const EncodedUser& user,
                                                 const EncodedContext& context,
                                                 const ItemFilter& filter,
                                                 std::span<const ItemRow> items) const {
  const std::vector<float> user_vector = towers_.UserVector(user, context);
  Prefetch(items);
  std::vector<Candidate> candidates;
  candidates.reserve(items.size());
  for (ItemRow item : items)
    if (filter.Passes(item)) candidates.push_back(Scored(item, user_vector, SourceId::kGiven));
  std::sort(candidates.begin(), candidates.end(), IsBefore);
  candidates.erase(
      std::unique(candidates.begin(), candidates.end(),
                  [](const Candidate& a, const Candidate& b) { return a.item == b.item; }),
      candidates.end());
  return candidates;
}

void CandidateGenerator::Prefetch(std::span<const ItemRow> items) const {
  for (ItemRow item : items)
    for (size_t d = 0; d < towers_.dim(); d += 16)
      __builtin_prefetch(&towers_.item_embedding(item)[d]);
}

Candidate CandidateGenerator::Scored(ItemRow item, std::span<const float> user_vector,
                                     SourceId source) const {
  return {item, DotProduct(user_vector.data(), towers_.item_embedding(item).data(), towers_.dim()),
          source};
}

void CandidateGenerator::AddPinned(std::span<const ItemRow> pinned, const ItemFilter& filter,
                                   std::span<const float> user_vector,
                                   std::vector<Candidate>& candidates) const {
  const size_t places = candidates.size();
  RowMap<bool> found(places);
  for (const Candidate& candidate : candidates) found[candidate.item] = true;
  RowMap<bool> kept(pinned.size());
  std::vector<Candidate> added;
  for (ItemRow row : pinned) {
    if (kept.Find(row) != nullptr || !filter.Passes(row)) continue;
    kept[row] = true;
    if (found.Find(row) != nullptr) continue;
    added.push_back(Scored(row, user_vector, SourceId::kPinned));
  }
  if (added.size() > places) added.resize(places);
  size_t left = added.size();
  for (size_t i = places; left > 0 && i-- > 0;) {
    if (kept.Find(candidates[i].item) != nullptr) continue;
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(i));
    --left;
  }
  added.resize(added.size() - left);
  candidates.insert(candidates.end(), added.begin(), added.end());
}

}  // namespace shortlist
