// What stage one says of a candidate: its score, its place, the source that found it.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kTowerScoreKind;
extern const FeatureKindInfo kLogRankKind;
extern const FeatureKindInfo kSourceKind;

}  // namespace shortlist
