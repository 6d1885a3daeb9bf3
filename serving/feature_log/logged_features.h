// What an entry of the feature log says: the features of a request as the ranker saw them, computed
// from the entry's own request by the code that ranks.
#pragma once

#include "model/bundle.h"
#include "shortlist/v1/feature_log.pb.h"

namespace shortlist {

// Fills in features and fingerprint of the entry, which has its request; that fits the bundle.
void ComputeLoggedFeatures(const Bundle& bundle, v1::FeatureLogEntry& entry);

// Whether the features can be computed again with the bundle as it was trained: neither a candidate
// nor an item of the history came or changed after training.
bool CanBeReplayed(const Bundle& bundle, const v1::FeatureLogEntry& entry);

}  // namespace shortlist
