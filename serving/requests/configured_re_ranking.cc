#include "serving/requests/configured_re_ranking.h"

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

absl::StatusOr<std::shared_ptr<const CompiledReRanking>> ConfiguredReRanking::For(
    const std::shared_ptr<const Bundle>& bundle) const {
  std::shared_ptr<const ForBundle> compiled = latest_.Get();
  if (compiled == nullptr || compiled->bundle != bundle) {
    absl::StatusOr<CompiledReRanking> rules = CompileReRanking(config_, *bundle);
    RETURN_IF_ERROR(AgainstBundle(rules.status(), *bundle));
    compiled = std::make_shared<const ForBundle>(ForBundle{bundle, *std::move(rules)});
    latest_.Set(compiled);
  }
  return std::shared_ptr<const CompiledReRanking>(compiled, &compiled->rules);
}

absl::Status ConfiguredReRanking::CheckHeads(const Bundle& bundle) const {
  return AgainstBundle(CheckValueFunction(config_, bundle), bundle);
}

}  // namespace shortlist
