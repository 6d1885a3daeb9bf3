#include "serving/feature_log/logged_features.h"

#include <algorithm>
#include <vector>

#include "serving/requests/stage_messages.h"

namespace shortlist {

void ComputeLoggedFeatures(const Bundle& bundle, v1::FeatureLogEntry& entry) {
  const Query query = FromMessage(entry.request());
  const EncodedUser user = bundle.encoder->Encode(query.user);
  const EncodedContext context = bundle.encoder->Encode(query.context, query.user);
  const std::vector<Candidate> candidates = CandidatesOf(entry.request(), bundle).value();
  const FeatureExtractor::Request begun = bundle.extractor->Begin(user, context, candidates);
  std::vector<FeatureValue> values;
  entry.set_spec_fingerprint(bundle.extractor->spec().Fingerprint());
  for (size_t i = 0; i < candidates.size(); ++i) {
    bundle.extractor->Compute(begun, i, values);
    v1::FeatureVector& vector = *entry.add_features();
    for (const FeatureValue& value : values) {
      vector.add_indices(value.index);
      vector.add_values(value.value);
    }
  }
}

bool CanBeReplayed(const Bundle& bundle, const v1::FeatureLogEntry& entry) {
  if (!entry.request().added_item_ids().empty()) return false;
  const EncodedUser user = bundle.encoder->Encode(FromMessage(entry.request()).user);
  return std::all_of(user.history.begin(), user.history.end(), [&](const HistoryEntry& item) {
    return item.item < bundle.catalog.trained_count();
  });
}

}  // namespace shortlist
