#include "features/kinds/feature_kind_table.h"

#include <algorithm>
#include <vector>

#include "features/kinds/attributes.h"
#include "features/kinds/co_occurrence.h"
#include "features/kinds/crosses.h"
#include "features/kinds/history_affinity.h"
#include "features/kinds/history_length.h"
#include "features/kinds/item_statistics.h"
#include "features/kinds/recent_tower_score.h"
#include "features/kinds/regressions.h"
#include "features/kinds/retrieval_evidence.h"

namespace shortlist {
namespace {

std::vector<const FeatureKindInfo*>& Table() {
  static std::vector<const FeatureKindInfo*> table = {
      &kSourceKind,
      &kTowerScoreKind,
      &kLogRankKind,
      &kLogPopularityKind,
      &kLikeRateKind,
      &kItemAttributeKind,
      &kItemNumberKind,
      &kUserAttributeKind,
      &kContextAttributeKind,
      &kLogHistoryLengthKind,
      &kCoOccurrenceKind,
      &kRecentTowerScoreKind,
      &kHistoryRegressionKind,
      &kNextRegressionKind,
      &kUserXItemKind,
      &kContextXItemKind,
      &kHistoryAffinityKind,
  };
  return table;
}

}  // namespace

std::span<const FeatureKindInfo* const> FeatureKindTable() { return Table(); }

const FeatureKindInfo* FindFeatureKind(FeatureKind kind) {
  for (const FeatureKindInfo* info : Table())
    if (info->kind == kind) return info;
  return nullptr;
}

AddedFeatureKind::AddedFeatureKind(const FeatureKindInfo& kind) { Table().push_back(&kind); }

AddedFeatureKind::~AddedFeatureKind() { Table().pop_back(); }

}  // namespace shortlist
