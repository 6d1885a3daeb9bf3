// What a gRPC service of ours needs besides its parts, for tests that call it.
#pragma once

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "pipeline/local_candidate_stage.h"
#include "pipeline/local_ranking_stage.h"
#include "serving/rpc/grpc_server.h"
#include "serving/rpc/request_workers.h"
#include "serving/rpc/unary_calls.h"
#include "serving/services/candidate_generation_service.h"
#include "serving/services/ranking_service.h"

namespace shortlist {

// Both stages as services over one bundle.
struct LocalStageServices {
  explicit LocalStageServices(std::shared_ptr<const Bundle> bundle) : bundles(std::move(bundle)) {}

  const Clock clock = absl::Now;
  BundleRegistry bundles;
  RequestWorkers workers{0};
  const UnaryCalls calls{workers, clock, {}};
  const LocalCandidateStage candidates;
  const LocalRankingStage ranking;
  CandidateGenerationService candidate_service{bundles, candidates, calls, clock};
  RankingService ranking_service{bundles, ranking, calls, clock};

  std::unique_ptr<GrpcServer> Serve() {
    return GrpcServer::Start("127.0.0.1:0",
                             {{v1::CandidateGeneration::service_full_name(), &candidate_service},
                              {v1::Ranking::service_full_name(), &ranking_service}})
        .value();
  }
};

}  // namespace shortlist
