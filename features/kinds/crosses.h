// Pairs of a value of the user, or of the context, and a value of the item.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kUserXItemKind;
extern const FeatureKindInfo kContextXItemKind;

}  // namespace shortlist
