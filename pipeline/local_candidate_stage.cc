#include "pipeline/local_candidate_stage.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "retrieval/rank_fusion.h"

namespace shortlist {
namespace {

// Of each list that makes one by both: as many as may be asked for, so that fewer are the first of
// more.
constexpr size_t kFusedItems = kMaxCount;

// None where the item has no embedding.
std::vector<ScoredItem> AlikeByTaste(const Bundle& bundle, ItemRow item, const ItemFilter& filter,
                                     size_t count) {
  if (bundle.catalog.vector_origin(item) == VectorOrigin::kNone) return {};
  return bundle.index->Search(bundle.towers.item_embedding(item), filter, count);
}

}  // namespace

absl::Status LocalCandidateStage::Check(const Bundle& bundle) const {
  const auto wrong = [&](std::string_view field, const std::string& what) {
    return absl::FailedPreconditionError(
        absl::StrCat("the service's configuration does not fit bundle ", bundle.id, ": candidates.",
                     AbslView(field), ": ", what));
  };
  const std::string& newest = settings_.sources.newest_attribute;
  const AttributeSchema& items = bundle.catalog.schema();
  if (!newest.empty()) {
    const AttributeSchema::Field* const field = items.FindField(newest);
    if (field == nullptr || field->type != AttributeType::kNumber)
      return wrong("newest_attribute",
                   absl::StrCat("items have no numeric attribute \"", newest,
                                "\"; their attributes are ", items.FieldNames()));
  }
  const std::string& segment = settings_.sources.segment_attribute;
  const AttributeSchema& users = bundle.requests.users();
  if (segment.empty()) return absl::OkStatus();
  if (users.FindField(segment) == nullptr)
    return wrong("segment_attribute", absl::StrCat("users have no attribute \"", segment,
                                                   "\"; theirs are ", users.FieldNames()));
  if (bundle.segments.empty())
    return wrong("segment_attribute",
                 "the bundle was trained before there were segments; train another");
  return absl::OkStatus();
}

absl::StatusOr<CandidateList> LocalCandidateStage::Generate(BoundQuery& query,
                                                            const Budget& budget) const {
  ASSIGN_OR_RETURN(const ItemFilter filter, query.Filter());
  CandidateList list{.bundle = query.shared_bundle(), .candidates = {}, .level = query.Level()};
  RETURN_IF_ERROR(budget.Check("compiling the filter"));
  const CandidateGenerator& generator = *query.bundle().candidates;
  if (query.query().candidate_item_ids.empty())
    list.candidates = generator.Generate(query.user(), query.context(), filter,
                                         query.CandidatesToRank(), query.PinnedItems(),
                                         {.mix = settings_.MixOf(list.level),
                                          .settings = &settings_.sources,
                                          .breadth = query.effort.breadth});
  else
    list.candidates =
        generator.Score(query.user(), query.context(), filter, query.given_items().rows);
  return list;
}

absl::StatusOr<CandidateList> LocalCandidateStage::FindSimilar(
    const SimilarItemsQuery& query, const std::shared_ptr<const Bundle>& bundle,
    const Budget& budget) const {
  const std::optional<ItemRow> item = bundle->catalog.FindItem(query.item_id);
  if (!item || bundle->catalog.IsDeleted(*item))
    return absl::NotFoundError(
        absl::StrCat("item_id: the catalog has no item \"", query.item_id, "\""));
  ASSIGN_OR_RETURN(ItemFilter filter,
                   bundle->attributes->Compile(query.filter, {nullptr, "filter"}));
  filter.Exclude({&*item, 1});
  // What nobody waits for any more is not compared to its end.
  const auto by_content = [&](size_t count) {
    return bundle->vectors.Nearest(bundle->vectors.vector(*item), filter, count,
                                   [&] { return budget.Check("comparing vectors"); });
  };
  std::vector<ScoredItem> found;
  switch (query.by) {
    case Similarity::kTaste:
      found = AlikeByTaste(*bundle, *item, filter, query.count);
      break;
    case Similarity::kContent: {
      if (!bundle->vectors.Has(*item))
        return absl::NotFoundError(absl::StrCat("item_id: item \"", query.item_id,
                                                "\" brought no vector along, by which others could "
                                                "be like it"));
      ASSIGN_OR_RETURN(found, by_content(query.count));
      break;
    }
    case Similarity::kBoth: {
      ASSIGN_OR_RETURN(const std::vector<ScoredItem> alike, by_content(kFusedItems));
      found = FuseRanks(AlikeByTaste(*bundle, *item, filter, kFusedItems), alike, query.count);
      break;
    }
  }
  CandidateList similar{.bundle = bundle, .candidates = {}};
  for (const ScoredItem& alike : found)
    similar.candidates.push_back({alike.item, alike.score, SourceId::kTwoTower});
  return similar;
}

}  // namespace shortlist
