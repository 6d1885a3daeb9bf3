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

// An object, not a function, so that sorting need not call it by its address.
constexpr auto kIsBefore = [](const Candidate& a, const Candidate& b) {
  return RanksBefore({a.item, a.score}, {b.item, b.score});
};

}  // namespace

CandidateGenerator::CandidateGenerator(const TwoTower& towers, const ItemIndex& index,
                                       const SourceParts& parts,
                                       std::span<const CandidateSourceEntry> sources)
    : towers_(towers), index_(index), usual_mix_({{SourceId::kTwoTower, 0}}) {
  for (const CandidateSourceEntry& entry : sources) {
    sources_.push_back({entry.id, entry.make(parts)});
    if (entry.share > 0) usual_mix_.push_back({entry.id, entry.share});
    if (entry.share_for_unknown_user > 0)
      mix_for_unknown_user_.push_back({entry.id, entry.share_for_unknown_user});
  }
}

std::vector<Candidate> CandidateGenerator::Generate(const EncodedUser& user,
                                                    const EncodedContext& context,
                                                    const ItemFilter& filter, size_t k,
                                                    std::span<const ItemRow> pinned,
                                                    const Mixing& mixing) const {
  const std::vector<float> user_vector = towers_.UserVector(user, context);
  const std::vector<ScoredItem> nearest = Nearest(user_vector, filter, k, mixing.breadth);
  std::vector<Candidate> candidates;
  candidates.reserve(nearest.size());
  if (nearest.size() < k && mixing.mix == nullptr) {
    for (const ScoredItem& item : nearest)
      candidates.push_back({item.item, item.score, SourceId::kTwoTower});
    return candidates;
  }
  const CandidateMix& mix = mixing.mix != nullptr    ? *mixing.mix
                            : NothingIsKnownOf(user) ? mix_for_unknown_user_
                                                     : usual_mix_;
  // What the other sources leave.
  size_t nearest_places = k;
  for (const SourceShare& source : mix)
    if (source.source != SourceId::kTwoTower)
      nearest_places -= std::min(nearest_places, Places(k, source.share));

  const SourceSettings& settings =
      mixing.settings != nullptr ? *mixing.settings : kNoSourceSettings;
  TakenItems taken(k);
  std::vector<bool> is_placed(nearest.size());
  std::vector<Candidate> others;
  auto place_nearest = [&] {
    for (size_t i = 0; i < nearest.size() && nearest_places > 0; ++i) {
      if (!others.empty() && taken.Find(nearest[i].item) != nullptr) continue;
      taken[nearest[i].item] = true;
      is_placed[i] = true;
      --nearest_places;
    }
  };
  for (const SourceShare& source : mix) {
    if (source.source == SourceId::kTwoTower)
      place_nearest();
    else
      AddFrom(source.source, std::min(Places(k, source.share), k - others.size()),
              {user, filter, taken, settings}, user_vector, taken, others);
  }

  const size_t places_left = k - others.size();
  for (size_t i = 0; i < nearest.size() && candidates.size() < places_left; ++i)
    if (is_placed[i] || taken.Find(nearest[i].item) == nullptr)
      candidates.push_back({nearest[i].item, nearest[i].score, SourceId::kTwoTower});
  const auto nearest_count = static_cast<std::ptrdiff_t>(candidates.size());
  std::sort(others.begin(), others.end(), kIsBefore);
  candidates.insert(candidates.end(), others.begin(), others.end());
  std::inplace_merge(candidates.begin(), candidates.begin() + nearest_count, candidates.end(),
                     kIsBefore);
  if (!pinned.empty()) AddPinned(pinned, filter, user_vector, candidates);
  return candidates;
}

std::vector<ScoredItem> CandidateGenerator::Nearest(std::span<const float> user_vector,
                                                    const ItemFilter& filter, size_t k,
                                                    double breadth) const {
  if (breadth >= 1) return index_.Search(user_vector, filter, k);
  std::vector<ScoredItem> nearest(k);
  const auto narrowed = static_cast<float>(breadth * index_.breadth());
  nearest.resize(index_.Search(user_vector, filter, {.breadth = narrowed, .pool = {}}, nearest));
  return nearest;
}

std::vector<Candidate> CandidateGenerator::GeneratePopular(const EncodedUser& user,
                                                           const EncodedContext& context,
                                                           const ItemFilter& filter, size_t k,
                                                           std::span<const ItemRow> pinned,
                                                           const SourceSettings& settings) const {
  const std::vector<float> user_vector = towers_.UserVector(user, context);
  TakenItems taken(k);
  std::vector<Candidate> candidates;
  for (const SourceId id : {SourceId::kPopularInSegment, SourceId::kPopular})
    AddFrom(id, k - candidates.size(), {user, filter, taken, settings}, user_vector, taken,
            candidates);
  if (!pinned.empty()) AddPinned(pinned, filter, user_vector, candidates);
  return candidates;
}

void CandidateGenerator::AddFrom(SourceId id, size_t places, const CandidateQuery& query,
                                 std::span<const float> user_vector, TakenItems& taken,
                                 std::vector<Candidate>& candidates) const {
  const CandidateSource* const source = Find(id);
  if (source == nullptr || places == 0) return;
  const std::vector<ItemRow> rows = source->Retrieve(query, places);
  for (const ItemRow row : rows) taken[row] = true;
  AddScored(rows, user_vector, id, candidates);
}

const CandidateSource* CandidateGenerator::Find(SourceId id) const {
  for (const Source& source : sources_)
    if (source.id == id) return source.source.get();
  return nullptr;
}

std::vector<Candidate> CandidateGenerator::Score(const EncodedUser& user,
                                                 const EncodedContext& context,
                                                 const ItemFilter& filter,
                                                 std::span<const ItemRow> items) const {
  const std::vector<float> user_vector = towers_.UserVector(user, context);
  std::vector<ItemRow> passing;
  for (const ItemRow item : items)
    if (filter.Passes(item)) passing.push_back(item);
  std::vector<Candidate> candidates;
  AddScored(passing, user_vector, SourceId::kGiven, candidates);
  std::sort(candidates.begin(), candidates.end(), kIsBefore);
  candidates.erase(
      std::unique(candidates.begin(), candidates.end(),
                  [](const Candidate& a, const Candidate& b) { return a.item == b.item; }),
      candidates.end());
  return candidates;
}

void CandidateGenerator::AddScored(std::span<const ItemRow> items,
                                   std::span<const float> user_vector, SourceId source,
                                   std::vector<Candidate>& candidates) const {
  std::vector<float> scores(items.size());
  DotProducts(user_vector.data(), towers_.item_embeddings().data(), items.data(), items.size(),
              towers_.dim(), scores.data());
  for (size_t i = 0; i < items.size(); ++i) candidates.push_back({items[i], scores[i], source});
}

void CandidateGenerator::AddPinned(std::span<const ItemRow> pinned, const ItemFilter& filter,
                                   std::span<const float> user_vector,
                                   std::vector<Candidate>& candidates) const {
  const size_t places = candidates.size();
  RowMap<bool> found(places);
  for (const Candidate& candidate : candidates) found[candidate.item] = true;
  RowMap<bool> kept(pinned.size());
  std::vector<ItemRow> not_found;
  for (ItemRow row : pinned) {
    if (kept.Find(row) != nullptr || !filter.Passes(row)) continue;
    kept[row] = true;
    if (found.Find(row) == nullptr) not_found.push_back(row);
  }
  std::vector<Candidate> added;
  AddScored(not_found, user_vector, SourceId::kPinned, added);
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
