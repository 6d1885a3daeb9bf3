// What is known of an item from all interactions with it at the time.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kLogPopularityKind;
extern const FeatureKindInfo kLikeRateKind;

}  // namespace shortlist
