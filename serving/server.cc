#include "serving/server.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "pipeline/local_candidate_stage.h"
#include "pipeline/local_ranking_stage.h"
#include "serving/remote/remote_call.h"
#include "serving/remote/remote_candidate_stage.h"
#include "serving/remote/remote_ranking_stage.h"
#include "serving/requests/candidate_settings.h"
#include "serving/requests/query_messages.h"
#include "serving/server_config.h"
#include "serving/swap/canary_settings.h"
#include "serving/swap/recording_candidate_stage.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

// Events wait for the store: so many batches can share a commit.
constexpr size_t kEventThreads = 8;
// A server that is to stop goes on until no call has arrived for so long, but no longer than so
// long.
constexpr absl::Duration kQuiet = absl::Milliseconds(50);
constexpr absl::Duration kLongestDrain = absl::Milliseconds(500);
// As long as a thread of gRPC's runs so many requests in a row, arrivals are not seen.
constexpr size_t kRunInARow = 4;

// A thread of gRPC's must not wait for other processes.
RequestWorkers::Options WorkersOf(const v1::ServerConfig& config) {
  return {.threads = static_cast<size_t>(config.worker_threads()),
          .run_by_callers = config.role() == v1::ROLE_RECOMMEND ? 0 : kRunInARow};
}

AdmissionStep::Options AdmissionOf(const v1::ServerConfig& config,
                                   std::function<void(absl::Time)> on_refusal) {
  return {.max_queue = static_cast<size_t>(config.admission().max_queue()),
          .max_wait = absl::Milliseconds(config.admission().max_wait_ms()),
          .budget = absl::Milliseconds(config.budget_ms()),
          .on_refusal = std::move(on_refusal)};
}

// Events wait for the store, and nobody for them.
AdmissionStep::Options EventAdmissionOf(const v1::ServerConfig& config) {
  return {.max_queue = static_cast<size_t>(config.admission().max_queue())};
}

RateLimitStep::Options RateLimitOf(const v1::ServerConfig& config) {
  return {.per_second = config.rate_limit().requests_per_second(),
          .burst = static_cast<double>(config.rate_limit().burst()),
          .metadata_key = config.rate_limit().client_metadata_key()};
}

// Requests that are kept to try the next bundle with: the latest of these, of every so many.
constexpr size_t kRecordedQueries = 256;
constexpr uint64_t kRecordingInterval = 16;
// One that activates a bundle, and one for those who ask meanwhile.
constexpr size_t kAdminThreads = 2;

// Whether the next bundle is tried before it is served. The recommend role does neither stage, and
// answers from bundles that the others have taken up.
bool HasCanary(const v1::ServerConfig& config) {
  return config.role() != v1::ROLE_RECOMMEND && !config.swap().canary().off();
}

absl::Status BoundLog(const v1::EventsConfig& events, StateStore& states) {
  LogRetention retention;
  if (events.keep_days() > 0) retention.max_age = absl::Hours(24) * events.keep_days();
  if (events.keep_bytes() > 0) retention.max_bytes = events.keep_bytes();
  if (events.keep_days() == 0 && events.keep_bytes() == 0) return absl::OkStatus();
  absl::Status status = states.SetRetention(retention);
  if (!absl::IsUnimplemented(status)) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(events.keep_days() > 0 ? "events.keep_days" : "events.keep_bytes", ": ",
                   status.message(), "; leave the bound out, or keep the state in a SQLite file"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const v1::ServerConfig& config) {
  ASSIGN_OR_RETURN(const v1::ServerConfig complete, CompleteConfig(config));
  ASSIGN_OR_RETURN(std::shared_ptr<const Bundle> bundle, LoadCurrentBundle(complete.models_dir()));
  auto server = std::unique_ptr<Server>(new Server(complete, std::move(bundle)));
  RETURN_IF_ERROR(server->Open(complete));
  return server;
}

Server::Server(const v1::ServerConfig& config, std::shared_ptr<const Bundle> bundle)
    : grace_(absl::Seconds(config.shutdown_grace_seconds())),
      clock_(absl::Now),
      bundles_(std::move(bundle)),
      live_catalog_(bundles_),
      recorded_(kRecordedQueries, kRecordingInterval),
      catalog_(bundles_),
      workers_(WorkersOf(config)),
      event_workers_(TakesRequests(config.role()) ? kEventThreads : 0),
      admin_workers_(kAdminThreads),
      deadline_step_(clock_, absl::Milliseconds(config.request_timeout_ms()),
                     absl::Milliseconds(config.budget_ms())),
      rate_limit_step_(clock_, RateLimitOf(config), refusals_),
      admission_step_(workers_, clock_,
                      AdmissionOf(config,
                                  [this](absl::Time now) {
                                    if (degradation_) degradation_->effort.OnRefusal(now);
                                  }),
                      refusals_),
      event_admission_step_(event_workers_, clock_, EventAdmissionOf(config), refusals_),
      calls_(workers_, clock_,
             {&in_flight_step_, &deadline_step_, &rate_limit_step_, &admission_step_,
              &fault_log_step_}),
      event_calls_(event_workers_, clock_,
                   {&in_flight_step_, &deadline_step_, &rate_limit_step_, &event_admission_step_,
                    &fault_log_step_}),
      admin_calls_(admin_workers_, clock_, {&in_flight_step_, &fault_log_step_}) {}

absl::Status Server::Open(const v1::ServerConfig& config) {
  ASSIGN_OR_RETURN(candidate_settings_, CandidateSettingsOf(config.candidates()));
  RETURN_IF_ERROR(OpenStates(config));
  RETURN_IF_ERROR(OpenStages(config));
  std::vector<GrpcServer::NamedService> services;
  const bool all = config.role() == v1::ROLE_ALL;
  if (all || config.role() == v1::ROLE_RETRIEVAL)
    services.push_back(
        {v1::CandidateGeneration::service_full_name(),
         &candidate_generation_service_.emplace(bundles_, *candidates_, calls_, clock_)});
  if (all || config.role() == v1::ROLE_RANKING)
    services.push_back({v1::Ranking::service_full_name(),
                        &ranking_service_.emplace(bundles_, *ranking_, calls_, clock_,
                                                  [this] { return follower_->CatchUp(); })});
  if (TakesRequests(config.role())) {
    RETURN_IF_ERROR(OpenRecommender(config));
    services.push_back({v1::Recommender::service_full_name(),
                        &recommender_service_.emplace(*recommender_, calls_, clock_)});
    services.push_back(
        {v1::Catalog::service_full_name(),
         &catalog_service_.emplace(catalog_, *catalog_writer_, calls_, event_calls_)});
    event_recorder_.emplace(*states_, MakeEventRules(config.events()), clock_);
    services.push_back({v1::Events::service_full_name(),
                        &events_service_.emplace(*event_recorder_, event_calls_)});
    users_.emplace(bundles_, *states_);
    services.push_back(
        {v1::Users::service_full_name(), &users_service_.emplace(*users_, event_calls_)});
  }
  RETURN_IF_ERROR(CheckFits(bundles_.Current()));
  RETURN_IF_ERROR(OpenBundleFollower(config));
  admin_service_.emplace(
      AdminService::Parts{.role = config.role(),
                          .models_dir = config.models_dir(),
                          .bundles = &bundles_,
                          .follower = &*bundle_follower_,
                          .refusals = &refusals_,
                          .recorded = &recorded_,
                          .rungs = recommender_ ? &recommender_->rung_log() : nullptr},
      admin_calls_, clock_);
  services.push_back({v1::Admin::service_full_name(), &*admin_service_});
  ASSIGN_OR_RETURN(grpc_server_, GrpcServer::Start(config.listen(), services));
  bundle_follower_->Start();
  return absl::OkStatus();
}

absl::Status Server::OpenBundleFollower(const v1::ServerConfig& config) {
  BundleFollower::Parts parts{
      .models_dir = config.models_dir(),
      .bundles = &bundles_,
      .catalog = &live_catalog_,
      .check = [this](const auto& /*served*/, const std::shared_ptr<const Bundle>& next) {
        return CheckFits(next);
      }};
  if (HasCanary(config)) {
    ASSIGN_OR_RETURN(const CanarySettings settings, CanarySettingsOf(config.swap().canary()));
    canary_.emplace(recorded_, settings,
                    Canary::Scope{.candidates = config.role() != v1::ROLE_RANKING,
                                  .scores = config.role() != v1::ROLE_RETRIEVAL},
                    clock_);
    parts.canary = [this](const auto& served, const auto& next) {
      return canary_->Check(served, next);
    };
  }
  if (const int32_t keep = config.bundles().keep(); keep > 0)
    parts.keep = static_cast<size_t>(keep);
  bundle_follower_.emplace(std::move(parts), clock_);
  return absl::OkStatus();
}

absl::Status Server::OpenStates(const v1::ServerConfig& config) {
  ASSIGN_OR_RETURN(const StateProjection projection, ProjectionOf(config));
  ASSIGN_OR_RETURN(states_, OpenStateStore(config.state(), projection, IfMissing::kFail));
  RETURN_IF_ERROR(BoundLog(config.events(), *states_));
  follower_ = std::make_unique<CatalogFollower>(*states_, live_catalog_, clock_);
  RETURN_IF_ERROR(follower_->CatchUp());
  follower_->Start();
  return absl::OkStatus();
}

absl::Status Server::OpenStages(const v1::ServerConfig& config) {
  if (config.role() == v1::ROLE_RECOMMEND) {
    if (config.hedge_quantile() > 0) {
      candidates_hedging_.emplace(config.hedge_quantile());
      ranking_hedging_.emplace(config.hedge_quantile());
    }
    candidates_ = std::make_unique<RemoteCandidateStage>(
        ConnectTo(config.retrieval_address(), v1::CandidateGeneration::service_full_name()),
        config.retrieval_address(), bundles_,
        candidates_hedging_ ? &*candidates_hedging_ : nullptr);
    ranking_ = std::make_unique<RemoteRankingStage>(
        ConnectTo(config.ranking_address(), v1::Ranking::service_full_name()),
        config.ranking_address(), ranking_hedging_ ? &*ranking_hedging_ : nullptr);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(OpenLocalCandidates(config));
  if (!config.feature_log().empty()) {
    ASSIGN_OR_RETURN(std::unique_ptr<FeatureLog> log, FeatureLog::Open(config.feature_log()));
    feature_sampler_ =
        std::make_unique<FeatureSampler>(std::move(log), config.feature_log_interval());
  }
  RankingObserver* observer = feature_sampler_.get();
  // The other roles record at stage one.
  if (HasCanary(config) && config.role() == v1::ROLE_RANKING)
    observer = &recording_observer_.emplace(recorded_, observer);
  ranking_ = std::make_unique<LocalRankingStage>(observer);
  return absl::OkStatus();
}

absl::Status Server::OpenLocalCandidates(const v1::ServerConfig& config) {
  if (const int32_t half_life = config.candidates().trending_half_life_seconds(); half_life != 0) {
    trending_.emplace(absl::Seconds(half_life));
    candidate_settings_.sources.trending = &*trending_;
    ASSIGN_OR_RETURN(EventWorth worth, WorthOf(config.events()));
    trending_follower_ =
        std::make_unique<TrendingFollower>(*states_, std::move(worth), *trending_, clock_);
    const absl::Status status = trending_follower_->CatchUp();
    if (absl::IsUnimplemented(status))
      return absl::FailedPreconditionError(
          absl::StrCat("candidates.trending_half_life_seconds: ", config.state(), ": ",
                       status.message(), "; one in SQLite does"));
    RETURN_IF_ERROR(status);
    trending_follower_->Start();
  }
  candidates_ = std::make_unique<LocalCandidateStage>(candidate_settings_);
  if (HasCanary(config) && config.role() != v1::ROLE_RANKING)
    candidates_ = std::make_unique<RecordingCandidateStage>(std::move(candidates_), recorded_);
  return absl::OkStatus();
}

absl::Status Server::OpenRecommender(const v1::ServerConfig& config) {
  rules_.emplace(FromMessage(config.re_ranking()));
  catalog_writer_.emplace(bundles_, *states_, *follower_, clock_);
  if (!config.degradation().off()) degradation_.emplace();
  pipeline_.emplace(PipelineParts{.candidates = candidates_.get(),
                                  .ranking = ranking_.get(),
                                  .rules = &*rules_,
                                  .degradation = degradation_ ? &*degradation_ : nullptr,
                                  .fallback = &candidate_settings_.sources});
  ServedAnswerRecorder::Options recording;
  recording.tells_waiting =
      config.impressions().keep_seconds() > 0 && !config.impressions().events_only();
  if (!config.events().skip_served_answers()) served_answers_.emplace(*states_, recording);
  ASSIGN_OR_RETURN(const FrequencyCap cap, ConfiguredCap(config.impressions()));
  recommender_.emplace(
      Recommender::Parts{.bundles = &bundles_,
                         .states = states_.get(),
                         .pipeline = &*pipeline_,
                         .answers = served_answers_ ? &*served_answers_ : nullptr,
                         .frequency_cap = cap,
                         .showings_kept = absl::Seconds(config.impressions().keep_seconds())},
      clock_);
  return absl::OkStatus();
}

absl::Status Server::CheckFits(const std::shared_ptr<const Bundle>& bundle) const {
  RETURN_IF_ERROR(LocalCandidateStage(candidate_settings_).Check(*bundle));
  if (!rules_) return absl::OkStatus();
  RETURN_IF_ERROR(rules_->For(bundle).status());
  return rules_->CheckLikedHead(*bundle);
}

Server::~Server() { Shutdown(); }

void Server::Shutdown() {
  if (grpc_server_ == nullptr) return;
  // Those who look after health leave by themselves. What still arrives when the server stops,
  // gRPC 1.51 cancels, which callers do not try again.
  grpc_server_->ReportNotServing();
  in_flight_step_.WaitUntilQuiet(kQuiet, std::min(kLongestDrain, grace_));
  if (events_service_) events_service_->EndStreams();
  if (catalog_service_) catalog_service_->EndStreams();
  if (canary_) canary_->Stop();
  if (bundle_follower_) bundle_follower_->StopResting();
  grpc_server_->Shutdown(grace_,
                         [this](absl::Duration time) { in_flight_step_.WaitUntilNone(time); });
  grpc_server_ = nullptr;
  follower_ = nullptr;
  trending_follower_ = nullptr;
  served_answers_.reset();  // Records those that wait.
}

}  // namespace shortlist
