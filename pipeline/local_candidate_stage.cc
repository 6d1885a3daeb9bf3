#include "pipeline/local_candidate_stage.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"

namespace shortlist {

absl::StatusOr<CandidateList> LocalCandidateStage::Generate(BoundQuery& query,
                                                            const Budget& /*budget*/) const {
  ASSIGN_OR_RETURN(const ItemFilter filter, query.Filter());
  if (!query.query().candidate_item_ids.empty())
    return CandidateList{.bundle = query.shared_bundle(),
                         .candidates = query.bundle().candidates->Score(
                             query.user(), query.context(), filter, query.given_items().rows)};
  return CandidateList{.bundle = query.shared_bundle(),
                       .candidates = query.bundle().candidates->Generate(
                           query.user(), query.context(), filter, query.query().CandidatesToRank(),
                           query.PinnedItems())};
}

absl::StatusOr<CandidateList> LocalCandidateStage::FindSimilar(
    const SimilarItemsQuery& query, const std::shared_ptr<const Bundle>& bundle,
    const Budget& /*budget*/) const {
  const std::optional<ItemRow> item = bundle->catalog.FindItem(query.item_id);
  if (!item || bundle->catalog.IsDeleted(*item))
    return absl::NotFoundError(
        absl::StrCat("item_id: the catalog has no item \"", query.item_id, "\""));
  ASSIGN_OR_RETURN(ItemFilter filter,
                   bundle->attributes->Compile(query.filter, {nullptr, "filter"}));
  filter.Exclude({&*item, 1});
  CandidateList similar{.bundle = bundle, .candidates = {}};
  if (bundle->catalog.vector_origin(*item) == VectorOrigin::kNone) return similar;
  for (const ScoredItem& found :
       bundle->index->Search(bundle->towers.item_embedding(*item), filter, query.count))
    similar.candidates.push_back({found.item, found.score, SourceId::kTwoTower});
  return similar;
}

}  // namespace shortlist
