// What an entry of the feature log says: the features of a request as the ranker saw them, computed
// from the entry's own request by the code that ranks.
#pragma once

#include "model/bundle.h"
#include "shortlist/v1/feature_log.pb.h"

namespace shortlist {

// Fills in features and fingerprint of the entry, which has its request; that fits the bundle.
void ComputeLoggedFeatures(const Bundle& bundle, v1::FeatureLogEntry& entry);

}  // namespace shortlist
