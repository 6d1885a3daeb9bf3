// The rules of re-ranking of the service's configuration, compiled once for a bundle and not for
// every request. Thread-safe.
//
//   const ConfiguredReRanking configured(config.re_ranking());
//   ASSIGN_OR_RETURN(const auto compiled, configured.For(bundle));
#pragma once

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/snapshot.h"
#include "model/bundle.h"
#include "serving/requests/re_ranking_compiler.h"
#include "shortlist/v1/re_ranking.pb.h"

namespace shortlist {

class ConfiguredReRanking {
 public:
  // The configuration has passed Validate.
  explicit ConfiguredReRanking(v1::ReRanking config) : config_(std::move(config)) {}

  const v1::ReRanking& config() const { return config_; }
  // FAILED_PRECONDITION names the field that the bundle does not fit.
  absl::StatusOr<std::shared_ptr<const CompiledReRanking>> For(
      const std::shared_ptr<const Bundle>& bundle) const;
  // FAILED_PRECONDITION when the value function needs a head that the bundle does not have.
  absl::Status CheckHeads(const Bundle& bundle) const;

 private:
  struct ForBundle {
    std::shared_ptr<const Bundle> bundle;
    CompiledReRanking rules;
  };

  const v1::ReRanking config_;
  mutable Snapshot<ForBundle> latest_;  // For the bundle that was asked for last.
};

}  // namespace shortlist
