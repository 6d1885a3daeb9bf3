#include "pipeline/configured_rules.h"

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// What would be the caller's fault in a request is the operator's here.
absl::Status AgainstBundle(const absl::Status& status, const Bundle& bundle) {
  if (status.ok()) return status;
  return absl::FailedPreconditionError(absl::StrCat(
      "the service's configuration does not fit bundle ", bundle.id, ": ", status.message()));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const EncodedRules>> ConfiguredRules::For(
    const std::shared_ptr<const Bundle>& bundle) const {
  std::shared_ptr<const ForBundle> encoded = latest_.Get();
  if (encoded == nullptr || encoded->bundle.lock() != bundle) {
    absl::StatusOr<EncodedRules> rules = EncodeRules(rules_, *bundle);
    RETURN_IF_ERROR(AgainstBundle(rules.status(), *bundle));
    encoded = std::make_shared<const ForBundle>(ForBundle{bundle, *std::move(rules)});
    latest_.Set(encoded);
  }
  return std::shared_ptr<const EncodedRules>(encoded, &encoded->rules);
}

absl::Status ConfiguredRules::CheckLikedHead(const Bundle& bundle) const {
  return AgainstBundle(shortlist::CheckLikedHead(rules_, bundle), bundle);
}

}  // namespace shortlist
