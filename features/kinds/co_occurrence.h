// How often the item occurs together with the items of the history.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kCoOccurrenceKind;

}  // namespace shortlist
