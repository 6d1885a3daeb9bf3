// What linear regressions of items on items expect of the history (features/item_factors.h).
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kHistoryRegressionKind;
extern const FeatureKindInfo kNextRegressionKind;

}  // namespace shortlist
