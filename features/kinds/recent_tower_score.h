// How near the item is to the user vector of the latest items alone.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kRecentTowerScoreKind;

}  // namespace shortlist
