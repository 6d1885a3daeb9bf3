// How much of the history shares the item's values of an attribute.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kHistoryAffinityKind;

}  // namespace shortlist
