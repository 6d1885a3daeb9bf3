// How much is known of the user.
#pragma once

#include "features/feature_kind.h"

namespace shortlist {

extern const FeatureKindInfo kLogHistoryLengthKind;

}  // namespace shortlist
