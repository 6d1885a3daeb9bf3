#include "serving/feature_log/feature_replay.h"

#include <algorithm>
#include <bit>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/feature_log/logged_features.h"
#include "serving/requests/request_validation.h"
#include "serving/requests/user_messages.h"
#include "state/state_projection.h"

namespace shortlist {
namespace {

// "item 318 for user 7"
std::string Subject(const v1::FeatureLogEntry& entry, int candidate, const Bundle& bundle) {
  const std::string& user = entry.request().user().user_id();
  return absl::StrCat("item ", std::string(bundle.catalog.id(entry.request().item_rows(candidate))),
                      " for ", user.empty() ? "an anonymous user" : absl::StrCat("user ", user));
}

// What is wrong with an entry that no service can have written. A file is not trusted.
absl::Status CheckEntry(const v1::FeatureLogEntry& entry, const Bundle& bundle) {
  if (const absl::Status status = Validate(entry.request()); !status.ok())
    return absl::DataLossError(status.message());
  for (uint32_t row : entry.request().item_rows())
    if (!bundle.catalog.Has(row))
      return absl::DataLossError(absl::StrCat("row ", row, " is beyond the catalog"));
  for (int c = 0; c < entry.features_size(); ++c)
    if (entry.features(c).indices_size() != entry.features(c).values_size())
      return absl::DataLossError(
          absl::StrCat("features[", c, "]: indices and values are not equally many"));
  return absl::OkStatus();
}

absl::Status Compare(const v1::FeatureLogEntry& logged, const v1::FeatureLogEntry& again,
                     const Bundle& bundle) {
  if (logged.spec_fingerprint() != again.spec_fingerprint())
    return absl::FailedPreconditionError("logged with another feature spec");
  if (logged.features_size() != again.features_size())
    return absl::FailedPreconditionError(absl::StrCat("features of ", logged.features_size(),
                                                      " candidates are logged instead of ",
                                                      again.features_size()));
  auto name = [&](uint32_t index) {
    return index < bundle.extractor->width()
               ? bundle.extractor->spec().features[bundle.extractor->FeatureOf(index)].name
               : absl::StrCat("index ", index);
  };
  for (int c = 0; c < logged.features_size(); ++c) {
    const v1::FeatureVector& was = logged.features(c);
    const v1::FeatureVector& is = again.features(c);
    for (int i = 0; i < std::min(was.indices_size(), is.indices_size()); ++i) {
      if (was.indices(i) != is.indices(i))
        return absl::FailedPreconditionError(
            absl::StrCat(Subject(logged, c, bundle), ": feature ", name(was.indices(i)),
                         " was logged where there is ", name(is.indices(i)), " now"));
      if (std::bit_cast<uint32_t>(was.values(i)) != std::bit_cast<uint32_t>(is.values(i)))
        return absl::FailedPreconditionError(absl::StrCat(Subject(logged, c, bundle), ": feature ",
                                                          name(was.indices(i)), " was ",
                                                          was.values(i), " and is ", is.values(i)));
    }
    if (was.indices_size() != is.indices_size())
      return absl::FailedPreconditionError(
          absl::StrCat(Subject(logged, c, bundle), ": ", was.indices_size(),
                       " features were logged, there are ", is.indices_size(), " now"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReplayFeatures(const v1::FeatureLogEntry& entry, const Bundle& bundle,
                            const UserStateStore& states) {
  if (entry.request().bundle_id() != bundle.id)
    return absl::FailedPreconditionError(
        absl::StrCat("logged with bundle ", entry.request().bundle_id(), ", not ", bundle.id));
  RETURN_IF_ERROR(CheckEntry(entry, bundle));
  v1::FeatureLogEntry again;
  *again.mutable_request() = entry.request();
  if (const std::string& user_id = entry.request().user().user_id(); !user_id.empty()) {
    UserState state;
    ASSIGN_OR_RETURN(const bool known, states.Read(UserKey(user_id), state));
    if (!known) state.user_id = user_id;
    TrimToBounds(state);
    if (state.history.size() < entry.history_length())
      return absl::FailedPreconditionError(
          absl::StrCat("user ", user_id, " had ", entry.history_length(), " interactions and has ",
                       state.history.size(), " now"));
    state.history.resize(entry.history_length());
    again.mutable_request()->mutable_user()->Clear();
    ToMessage(state, *again.mutable_request()->mutable_user());
  }
  ComputeLoggedFeatures(bundle, again);
  return Compare(entry, again, bundle);
}

}  // namespace shortlist
