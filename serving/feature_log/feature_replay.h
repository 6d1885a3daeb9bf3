// Computes the features of logged requests once more and compares: whether what was served is what
// state and catalog say, to the last bit.
//
//   RETURN_IF_ERROR(ReplayFeatures(entry, bundle, store));   // for each entry of a
//   FeatureLogReader
#pragma once

#include "absl/status/status.h"
#include "model/bundle.h"
#include "shortlist/v1/feature_log.pb.h"
#include "state/user_state_store.h"

namespace shortlist {

// `bundle` is the entry's. Of a user with an id the state comes from the store, without the
// interactions that came after the request. FAILED_PRECONDITION names the user, the candidate and
// the feature that differ, with both values; DATA_LOSS names what in the entry cannot have been
// logged.
absl::Status ReplayFeatures(const v1::FeatureLogEntry& entry, const Bundle& bundle,
                            const UserStateStore& states);

}  // namespace shortlist
