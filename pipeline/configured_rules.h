// The rules of re-ranking of the service's configuration, encoded once for a bundle and not for
// every request. Thread-safe.
//
//   const ConfiguredRules configured(rules);
//   ASSIGN_OR_RETURN(const auto encoded, configured.For(bundle));
#pragma once

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/snapshot.h"
#include "model/bundle.h"
#include "pipeline/re_ranking_rules.h"
#include "pipeline/rule_encoder.h"

namespace shortlist {

class ConfiguredRules {
 public:
  explicit ConfiguredRules(ReRankingRules rules = {}) : rules_(std::move(rules)) {}

  const ReRankingRules& rules() const { return rules_; }
  // FAILED_PRECONDITION names the field that the bundle does not fit.
  absl::StatusOr<std::shared_ptr<const EncodedRules>> For(
      const std::shared_ptr<const Bundle>& bundle) const;
  // FAILED_PRECONDITION when the value function needs a head that the bundle does not have.
  absl::Status CheckLikedHead(const Bundle& bundle) const;

 private:
  struct ForBundle {
    // Whoever asks keeps it; this must not, for as long as nobody asks for another.
    std::weak_ptr<const Bundle> bundle;
    EncodedRules rules;
  };

  const ReRankingRules rules_;
  mutable Snapshot<ForBundle> latest_;  // For the bundle that was asked for last.
};

}  // namespace shortlist
