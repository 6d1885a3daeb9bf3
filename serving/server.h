// One `shortlist serve` process: loads the bundle, opens what its role needs, serves it.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<Server> server, Server::Start(config));
//   ... wait for a signal ...
//   server->Shutdown();
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "model/live_catalog.h"
#include "pipeline/candidate_stage.h"
#include "pipeline/configured_rules.h"
#include "pipeline/local_candidate_stage.h"
#include "pipeline/pipeline.h"
#include "pipeline/ranking_stage.h"
#include "retrieval/sources/trending_items.h"
#include "serving/admission/admission_step.h"
#include "serving/admission/rate_limit_step.h"
#include "serving/admission/refusals.h"
#include "serving/bundle_follower.h"
#include "serving/catalog/catalog_follower.h"
#include "serving/catalog/catalog_writer.h"
#include "serving/events/event_recorder.h"
#include "serving/events/served_answer_recorder.h"
#include "serving/events/trending_follower.h"
#include "serving/feature_log/feature_sampler.h"
#include "serving/recommender.h"
#include "serving/remote/hedged_call.h"
#include "serving/rpc/deadline_step.h"
#include "serving/rpc/fault_log_step.h"
#include "serving/rpc/grpc_server.h"
#include "serving/rpc/in_flight_step.h"
#include "serving/rpc/request_workers.h"
#include "serving/rpc/unary_calls.h"
#include "serving/services/admin_service.h"
#include "serving/services/candidate_generation_service.h"
#include "serving/services/catalog_reader.h"
#include "serving/services/catalog_service.h"
#include "serving/services/events_service.h"
#include "serving/services/ranking_service.h"
#include "serving/services/recommender_service.h"
#include "serving/services/user_records.h"
#include "serving/services/users_service.h"
#include "serving/swap/canary.h"
#include "serving/swap/recorded_queries.h"
#include "serving/swap/recording_ranking_observer.h"
#include "shortlist/v1/config.pb.h"
#include "state/state_store.h"

namespace shortlist {

class Server {
 public:
  // Errors name the field of the configuration, or the file, that is to blame.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const v1::ServerConfig& config);
  // Lets in-flight requests finish like Shutdown.
  ~Server();

  // HOST:PORT with the real port.
  const std::string& address() const { return grpc_server_->address(); }
  std::shared_ptr<const Bundle> bundle() const { return bundles_.Current(); }
  // Has it look now whether CURRENT names another bundle, which it does once a second anyhow.
  void Reload() { bundle_follower_->Hurry(); }
  // The same, and waits: why what CURRENT names is not served, or OK.
  absl::Status CatchUp() { return bundle_follower_->CatchUp(); }

  // Refuses new requests and lets those in flight finish for as long as the configuration grants.
  // Returns when all is done and what was answered is recorded.
  void Shutdown();

 private:
  Server(const v1::ServerConfig& config, std::shared_ptr<const Bundle> bundle);
  absl::Status Open(const v1::ServerConfig& config);
  absl::Status OpenStates(const v1::ServerConfig& config);
  absl::Status OpenStages(const v1::ServerConfig& config);
  absl::Status OpenLocalCandidates(const v1::ServerConfig& config);
  absl::Status OpenRecommender(const v1::ServerConfig& config);
  absl::Status OpenBundleFollower(const v1::ServerConfig& config);
  // Whether the bundle fits what the configuration says of candidates and rules.
  absl::Status CheckFits(const std::shared_ptr<const Bundle>& bundle) const;

  // In the order in which they depend on one another.
  absl::Duration grace_;
  Clock clock_;
  BundleRegistry bundles_;
  LiveCatalog live_catalog_;
  std::unique_ptr<StateStore> states_;
  std::unique_ptr<CatalogFollower> follower_;
  std::optional<TrendingItems> trending_;
  std::unique_ptr<TrendingFollower> trending_follower_;
  std::optional<Hedging> candidates_hedging_, ranking_hedging_;
  RecordedQueries recorded_;
  CandidateSettings candidate_settings_;
  std::unique_ptr<CandidateStage> candidates_;
  std::unique_ptr<FeatureSampler> feature_sampler_;
  std::optional<RecordingRankingObserver> recording_observer_;
  std::unique_ptr<RankingStage> ranking_;
  CatalogReader catalog_;
  std::optional<CatalogWriter> catalog_writer_;
  std::optional<ConfiguredRules> rules_;
  std::optional<Degradation> degradation_;
  std::optional<Pipeline> pipeline_;
  std::optional<ServedAnswerRecorder> served_answers_;
  std::optional<Recommender> recommender_;
  std::optional<EventRecorder> event_recorder_;
  std::optional<UserRecords> users_;
  RequestWorkers workers_;
  RequestWorkers event_workers_;  // So that those that wait for the disk take no thread of others.
  RequestWorkers admin_workers_;
  InFlightStep in_flight_step_;
  DeadlineStep deadline_step_;
  Refusals refusals_{"calls"};
  RateLimitStep rate_limit_step_;
  AdmissionStep admission_step_, event_admission_step_;
  FaultLogStep fault_log_step_;
  UnaryCalls calls_;
  UnaryCalls event_calls_;
  UnaryCalls admin_calls_;
  std::optional<CandidateGenerationService> candidate_generation_service_;
  std::optional<RankingService> ranking_service_;
  std::optional<RecommenderService> recommender_service_;
  std::optional<CatalogService> catalog_service_;
  std::optional<EventsService> events_service_;
  std::optional<UsersService> users_service_;
  std::optional<Canary> canary_;
  std::optional<BundleFollower> bundle_follower_;
  std::optional<AdminService> admin_service_;
  std::unique_ptr<GrpcServer> grpc_server_;
};

}  // namespace shortlist
