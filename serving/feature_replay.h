// Computes the features of logged requests once more and compares: whether what was served is what
// state and catalog say, to the last bit.
//
//   ASSIGN_OR_RETURN(std::vector<v1::FeatureLogEntry> entries, ReadFeatureLog("features.log"));
//   for (const v1::FeatureLogEntry& entry : entries)
//     RETURN_IF_ERROR(ReplayFeatures(entry, bundle, store));
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/bundle.h"
#include "shortlist/v1/feature_log.pb.h"
#include "state/user_state_store.h"

namespace shortlist {

// DATA_LOSS when the file ends within an entry or is no feature log.
absl::StatusOr<std::vector<v1::FeatureLogEntry>> ReadFeatureLog(const std::string& path);

// `bundle` is the entry's. Of a user with an id the state comes from the store, without the
// interactions that came after the request. FAILED_PRECONDITION names the user, the candidate and
// the feature that differ, with both values.
absl::Status ReplayFeatures(const v1::FeatureLogEntry& entry, const Bundle& bundle,
                            const UserStateStore& states);

}  // namespace shortlist
