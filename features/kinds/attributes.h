// Attributes by themselves: of the item, as values or as a number, of the user, of the context.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kItemAttributeKind;
extern const FeatureKindInfo kItemNumberKind;
extern const FeatureKindInfo kUserAttributeKind;
extern const FeatureKindInfo kContextAttributeKind;

}  // namespace shortlist
