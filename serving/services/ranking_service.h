// shortlist.v1.Ranking over gRPC: stage two of this process, for others. Refers to its parts, which
// must outlive it.
#pragma once

#include <functional>
#include <utility>

#include "common/clock.h"
#include "model/bundle_registry.h"
#include "pipeline/ranking_stage.h"
#include "serving/rpc/unary_calls.h"
#include "shortlist/v1/ranking.grpc.pb.h"

namespace shortlist {

class RankingService : public v1::Ranking::WithRawCallbackMethod_Rank<v1::Ranking::Service> {
 public:
  // `catch_up` brings the bundles up to date with the changes of the catalog, of which whoever made
  // the candidates may know more; none: there are no changes.
  RankingService(const BundleRegistry& bundles, const RankingStage& stage, const UnaryCalls& calls,
                 const Clock& clock, std::function<absl::Status()> catch_up = nullptr)
      : bundles_(bundles),
        stage_(stage),
        calls_(calls),
        clock_(clock),
        catch_up_(std::move(catch_up)) {}

  // What the RPC does, without the network: fills in `response`, which is empty.
  absl::Status Answer(const v1::RankRequest& request, const Budget& budget,
                      v1::RankResponse& response) const;

  grpc::ServerUnaryReactor* Rank(grpc::CallbackServerContext* context,
                                 const grpc::ByteBuffer* request,
                                 grpc::ByteBuffer* response) override;

 private:
  const BundleRegistry& bundles_;
  const RankingStage& stage_;
  const UnaryCalls& calls_;
  const Clock& clock_;
  const std::function<absl::Status()> catch_up_;
};

}  // namespace shortlist
