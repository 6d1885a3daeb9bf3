#include "serving/configured_re_ranking.h"

#include "absl/strings/str_cat.h"

namespace shortlist {

absl::StatusOr<std::shared_ptr<const CompiledReRanking>> ConfiguredReRanking::For(
    const std::shared_ptr<const Bundle>& bundle) const {
  std::shared_ptr<const ForBundle> compiled = latest_.Get();
  if (compiled == nullptr || compiled->bundle != bundle) {
    absl::StatusOr<CompiledReRanking> rules = CompileReRanking(config_, *bundle);
    if (!rules.ok())
      return absl::FailedPreconditionError(
          absl::StrCat("the service's configuration does not fit bundle ", bundle->id, ": ",
                       rules.status().message()));
    compiled = std::make_shared<const ForBundle>(ForBundle{bundle, *std::move(rules)});
    latest_.Set(compiled);
  }
  return std::shared_ptr<const CompiledReRanking>(compiled, &compiled->rules);
}

}  // namespace shortlist
