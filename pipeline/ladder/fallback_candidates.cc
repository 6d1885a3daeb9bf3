#include "pipeline/ladder/fallback_candidates.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "common/status_macros.h"
#include "features/row_map.h"

namespace shortlist {
namespace {

// Of everybody's list, some of which may not pass.
constexpr size_t kMostListed = 1'000;

CandidateList EmptyList(BoundQuery& query) {
  return {.bundle = query.shared_bundle(), .candidates = {}, .level = query.Level()};
}

struct ListOfSegment {
  std::span<const ItemRow> rows;
  SourceId source;
};

// Of the first of the user's values of the attribute that has a list.
ListOfSegment ListFor(BoundQuery& query, const std::string& segment_attribute) {
  const Bundle& bundle = query.bundle();
  const std::vector<std::span<const ItemRow>> lists =
      bundle.segments.ListsOf(query.user(), bundle.requests.users(), segment_attribute);
  for (const std::span<const ItemRow> rows : lists)
    if (!rows.empty()) return {rows, SourceId::kPopularInSegment};
  const std::span<const ItemRow> popular = bundle.catalog.most_popular();
  return {popular.first(std::min(popular.size(), kMostListed)), SourceId::kPopular};
}

}  // namespace

absl::StatusOr<CandidateList> PopularCandidates(BoundQuery& query, const SourceSettings& settings) {
  ASSIGN_OR_RETURN(const ItemFilter filter, query.Filter());
  CandidateList list = EmptyList(query);
  const CandidateGenerator& generator = *query.bundle().candidates;
  if (query.query().candidate_item_ids.empty())
    list.candidates =
        generator.GeneratePopular(query.user(), query.context(), filter, query.CandidatesToRank(),
                                  query.PinnedItems(), settings);
  else
    list.candidates =
        generator.Score(query.user(), query.context(), filter, query.given_items().rows);
  return list;
}

absl::StatusOr<CandidateList> PrecomputedCandidates(BoundQuery& query,
                                                    const SourceSettings& settings) {
  const Bundle& bundle = query.bundle();
  const bool has_given = !query.query().candidate_item_ids.empty();
  ASSIGN_OR_RETURN(const ItemFilter filter, query.Filter());
  CandidateList list = EmptyList(query);
  const std::vector<ItemRow> pinned = query.PinnedItems();
  const ListOfSegment listed = has_given ? ListOfSegment{query.given_items().rows, SourceId::kGiven}
                                         : ListFor(query, settings.segment_attribute);
  RowMap<bool> taken(pinned.size() + listed.rows.size());
  const auto take = [&](std::span<const ItemRow> rows, SourceId source) {
    for (const ItemRow trained : rows) {
      const ItemRow row = bundle.catalog.Current(trained);
      if (row == kNoItem || taken.Find(row) != nullptr || !filter.Passes(row)) continue;
      taken[row] = true;
      list.candidates.push_back({.item = row, .score = 0, .source = source});
    }
  };
  if (!has_given) take(pinned, SourceId::kPinned);
  take(listed.rows, listed.source);
  return list;
}

}  // namespace shortlist
