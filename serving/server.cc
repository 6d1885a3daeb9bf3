#include "serving/server.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <thread>
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
#include "serving/requests/request_validation.h"
#include "serving/swap/canary_settings.h"
#include "serving/swap/recording_candidate_stage.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

// The stages compute; the recommend role waits for them, so that it needs a thread for every
// request that may be under way.
constexpr int kWaitingThreads = 64;
constexpr int kMostThreads = 1'024;
// Events wait for the store: so many batches can share a commit.
constexpr size_t kEventThreads = 8;
// A server that is to stop goes on until no call has arrived for so long, but no longer than so
// long.
constexpr absl::Duration kQuiet = absl::Milliseconds(50);
constexpr absl::Duration kLongestDrain = absl::Milliseconds(500);
constexpr int kMaxQueue = 1'024;
constexpr int kMaxWaitMs = 12;
constexpr double kMostDefaultBurst = 1e9;
// As many of gRPC's threads, of which there are half as many as cores, but two at least and 16 at
// most, as may run requests, so that one is left to read.
size_t ReadingThreadsToSpare() {
  return std::clamp(std::thread::hardware_concurrency() / 2, 2U, 16U) - 1;
}

// More threads than cores would share these between requests that could be done one after another.
int DefaultWorkerThreads(v1::Role role) {
  if (role == v1::ROLE_RECOMMEND) return kWaitingThreads;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// A thread of gRPC's must not wait for other processes.
RequestWorkers::Options WorkersOf(const v1::ServerConfig& config) {
  return {.threads = static_cast<size_t>(config.worker_threads()),
          .run_by_callers = config.role() == v1::ROLE_RECOMMEND ? 0 : ReadingThreadsToSpare()};
}

AdmissionStep::Options AdmissionOf(const v1::ServerConfig& config,
                                   std::function<void(absl::Time)> on_refusal) {
  return {.max_queue = static_cast<size_t>(config.admission().max_queue()),
          .max_wait = absl::Milliseconds(config.admission().max_wait_ms()),
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

absl::Status CheckNotNegative(const FieldPath& field, int64_t value) {
  if (value >= 0) return absl::OkStatus();
  return Invalid(field, "is negative");
}
absl::Status CheckNotNegative(std::string_view field, int64_t value) {
  return CheckNotNegative(FieldPath{nullptr, field}, value);
}

absl::Status CheckStageAddress(std::string_view field, const std::string& address) {
  const absl::Status status = CheckAddress(address);
  return status.ok() ? status : Invalid({nullptr, field}, std::string(status.message()));
}
// Requests that are kept to try the next bundle with: the latest of these, of every so many.
constexpr size_t kRecordedQueries = 256;
constexpr uint64_t kRecordingInterval = 16;
// One that activates a bundle, and one for those who ask meanwhile.
constexpr size_t kAdminThreads = 2;

// Whether the role is one that products call.
bool TakesRequests(v1::Role role) { return role == v1::ROLE_ALL || role == v1::ROLE_RECOMMEND; }

absl::Status CompleteEvents(v1::ServerConfig& config) {
  const FieldPath path{nullptr, "events"};
  const bool counts = config.candidates().trending_half_life_seconds() != 0;
  if (!TakesRequests(config.role()) && !counts)
    return config.has_events() ? Invalid(path, "is for the roles all and recommend")
                               : absl::OkStatus();
  RETURN_IF_ERROR(WorthOf(config.events()).status());
  v1::EventsConfig& events = *config.mutable_events();
  RETURN_IF_ERROR(
      CheckNotNegative({&path, "max_clock_skew_seconds"}, events.max_clock_skew_seconds()));
  RETURN_IF_ERROR(CheckNotNegative({&path, "keep_days"}, events.keep_days()));
  RETURN_IF_ERROR(CheckNotNegative({&path, "keep_bytes"}, events.keep_bytes()));
  if (events.max_clock_skew_seconds() == 0) events.set_max_clock_skew_seconds(300);
  return absl::OkStatus();
}

absl::Status CheckCandidates(const v1::ServerConfig& config) {
  const FieldPath path{nullptr, "candidates"};
  if (config.has_candidates() && config.role() == v1::ROLE_RANKING)
    return Invalid(path, "is for the roles all, retrieval and recommend");
  if (config.role() == v1::ROLE_RECOMMEND) {
    v1::CandidatesConfig others = config.candidates();
    others.clear_segment_attribute();
    if (others.ByteSizeLong() > 0)
      return Invalid(path, "may have only segment_attribute with the role recommend");
  }
  return CandidateSettingsOf(config.candidates()).status();
}

absl::StatusOr<FrequencyCap> ConfiguredCap(const v1::ImpressionsConfig& impressions) {
  if (!impressions.has_frequency_cap()) return FrequencyCap();
  const FieldPath path{nullptr, "impressions"};
  return FrequencyCapOf(impressions.frequency_cap(), {&path, "frequency_cap"},
                        /*may_be_off=*/false);
}

absl::Status CompleteImpressions(v1::ServerConfig& config) {
  if (!config.has_impressions()) return absl::OkStatus();
  v1::ImpressionsConfig& impressions = *config.mutable_impressions();
  const FieldPath path{nullptr, "impressions"};
  if (!TakesRequests(config.role())) return Invalid(path, "is for the roles all and recommend");
  const FieldPath keep{&path, "keep_seconds"};
  RETURN_IF_ERROR(CheckNotNegative(keep, impressions.keep_seconds()));
  ASSIGN_OR_RETURN(const FrequencyCap cap, ConfiguredCap(impressions));
  const int64_t needed = absl::ToInt64Seconds(cap.Memory());
  if (impressions.keep_seconds() == 0) impressions.set_keep_seconds(static_cast<int32_t>(needed));
  if (impressions.keep_seconds() < needed)
    return Invalid(keep, absl::StrCat("must be ", needed, " or more for frequency_cap"));
  if (impressions.keep_seconds() == 0)
    return Invalid(path, "has neither frequency_cap nor keep_seconds");
  if (config.events().skip_served_answers() && !impressions.events_only())
    return Invalid({&path, "events_only"},
                   "must be true where events.skip_served_answers is: no answer is recorded");
  return absl::OkStatus();
}

absl::Status CompleteAdmission(v1::ServerConfig& config) {
  v1::Admission& admission = *config.mutable_admission();
  const FieldPath path{nullptr, "admission"};
  RETURN_IF_ERROR(CheckNotNegative({&path, "max_queue"}, admission.max_queue()));
  RETURN_IF_ERROR(CheckNotNegative({&path, "max_wait_ms"}, admission.max_wait_ms()));
  if (admission.max_queue() == 0) admission.set_max_queue(kMaxQueue);
  if (admission.max_wait_ms() == 0) admission.set_max_wait_ms(kMaxWaitMs);
  return absl::OkStatus();
}

absl::Status CompleteRateLimit(v1::ServerConfig& config) {
  if (!config.has_rate_limit()) return absl::OkStatus();
  v1::RateLimit& limit = *config.mutable_rate_limit();
  const FieldPath path{nullptr, "rate_limit"};
  if (!TakesRequests(config.role())) return Invalid(path, "is for the roles all and recommend");
  if (!(limit.requests_per_second() > 0 && std::isfinite(limit.requests_per_second())))
    return Invalid({&path, "requests_per_second"}, "must be above 0");
  RETURN_IF_ERROR(CheckNotNegative({&path, "burst"}, limit.burst()));
  if (limit.burst() == 0)
    limit.set_burst(static_cast<int32_t>(
        std::clamp(std::ceil(limit.requests_per_second()), 1.0, kMostDefaultBurst)));
  return absl::OkStatus();
}

// Whether the next bundle is tried before it is served. The recommend role does neither stage, and
// answers from bundles that the others have taken up.
bool HasCanary(const v1::ServerConfig& config) {
  return config.role() != v1::ROLE_RECOMMEND && !config.swap().canary().off();
}

absl::Status CheckSwap(const v1::ServerConfig& config) {
  if (config.has_swap() && config.role() == v1::ROLE_RECOMMEND)
    return Invalid({nullptr, "swap"}, "is for the roles all, retrieval and ranking");
  const FieldPath bundles{nullptr, "bundles"};
  RETURN_IF_ERROR(CheckNotNegative({&bundles, "keep"}, config.bundles().keep()));
  return CanarySettingsOf(config.swap().canary()).status();
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

absl::StatusOr<StateProjection> ProjectionOf(const v1::ServerConfig& config) {
  ASSIGN_OR_RETURN(EventWorth worth, WorthOf(config.events()));
  v1::ServerConfig complete = config;
  if (complete.role() == v1::ROLE_UNSPECIFIED) complete.set_role(v1::ROLE_ALL);
  if (!TakesRequests(complete.role())) return StateProjection();
  RETURN_IF_ERROR(CompleteImpressions(complete));
  const v1::ImpressionsConfig& impressions = complete.impressions();
  return StateProjection(std::move(worth), {.time = absl::Seconds(impressions.keep_seconds()),
                                            .of_answers = !impressions.events_only()});
}

absl::StatusOr<EventWorth> WorthOf(const v1::EventsConfig& events) {
  absl::StatusOr<EventWorth> worth =
      EventWorth::Make(std::vector<v1::WorthRule>(events.worth().begin(), events.worth().end()));
  if (!worth.ok())
    return absl::InvalidArgumentError(absl::StrCat("events.", worth.status().message()));
  return worth;
}

absl::StatusOr<v1::ServerConfig> CompleteConfig(v1::ServerConfig config) {
  if (config.models_dir().empty()) return Invalid({nullptr, "models_dir"}, "is missing");
  if (config.listen().empty()) config.set_listen("127.0.0.1:50051");
  if (!v1::Role_IsValid(config.role())) return Invalid({nullptr, "role"}, "is not a role");
  if (config.role() == v1::ROLE_UNSPECIFIED) config.set_role(v1::ROLE_ALL);
  if (config.role() == v1::ROLE_RECOMMEND) {
    if (config.retrieval_address().empty())
      return Invalid({nullptr, "retrieval_address"}, "is missing; the role recommend needs it");
    if (config.ranking_address().empty())
      return Invalid({nullptr, "ranking_address"}, "is missing; the role recommend needs it");
    RETURN_IF_ERROR(CheckStageAddress("retrieval_address", config.retrieval_address()));
    RETURN_IF_ERROR(CheckStageAddress("ranking_address", config.ranking_address()));
  }
  if (!(config.hedge_quantile() >= 0 && config.hedge_quantile() < 1))
    return Invalid({nullptr, "hedge_quantile"}, "is not 0 or above, and below 1");
  if (config.hedge_quantile() > 0 && config.role() != v1::ROLE_RECOMMEND)
    return Invalid({nullptr, "hedge_quantile"}, "is for the role recommend");
  if (config.state().empty())
    config.set_state((std::filesystem::path(config.models_dir()) / "state.db").string());
  RETURN_IF_ERROR(CheckNotNegative("shutdown_grace_seconds", config.shutdown_grace_seconds()));
  if (config.shutdown_grace_seconds() == 0) config.set_shutdown_grace_seconds(10);
  RETURN_IF_ERROR(CheckNotNegative("request_timeout_ms", config.request_timeout_ms()));
  if (config.request_timeout_ms() == 0) config.set_request_timeout_ms(5'000);
  RETURN_IF_ERROR(CheckNotNegative("budget_ms", config.budget_ms()));
  if (config.budget_ms() == 0) config.set_budget_ms(50);
  if (config.has_degradation() && !TakesRequests(config.role()))
    return Invalid({nullptr, "degradation"}, "is for the roles all and recommend");
  RETURN_IF_ERROR(CheckNotNegative("worker_threads", config.worker_threads()));
  if (config.worker_threads() > kMostThreads)
    return Invalid({nullptr, "worker_threads"}, absl::StrCat("is above ", kMostThreads));
  RETURN_IF_ERROR(Validate(config.re_ranking()));
  if (config.has_re_ranking() && !TakesRequests(config.role()))
    return Invalid({nullptr, "re_ranking"}, "is for the roles all and recommend");
  RETURN_IF_ERROR(CompleteEvents(config));
  RETURN_IF_ERROR(CheckCandidates(config));
  RETURN_IF_ERROR(CompleteImpressions(config));
  RETURN_IF_ERROR(CompleteAdmission(config));
  RETURN_IF_ERROR(CompleteRateLimit(config));
  RETURN_IF_ERROR(CheckSwap(config));
  RETURN_IF_ERROR(CheckNotNegative("feature_log_interval", config.feature_log_interval()));
  if (config.feature_log_interval() == 0) config.set_feature_log_interval(1'000);
  if (!config.feature_log().empty() && config.role() != v1::ROLE_ALL &&
      config.role() != v1::ROLE_RANKING)
    return Invalid({nullptr, "feature_log"}, "is for the roles all and ranking");
  if (config.worker_threads() == 0) config.set_worker_threads(DefaultWorkerThreads(config.role()));
  return config;
}

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
  RETURN_IF_ERROR(OpenBundleFollower(config));
  admin_service_.emplace(AdminService::Parts{.role = config.role(),
                                             .models_dir = config.models_dir(),
                                             .bundles = &bundles_,
                                             .follower = &*bundle_follower_,
                                             .recorded = &recorded_},
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
  ASSIGN_OR_RETURN(CandidateSettings settings, CandidateSettingsOf(config.candidates()));
  if (const int32_t half_life = config.candidates().trending_half_life_seconds(); half_life != 0) {
    trending_.emplace(absl::Seconds(half_life));
    settings.sources.trending = &*trending_;
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
  auto stage = std::make_unique<LocalCandidateStage>(std::move(settings));
  RETURN_IF_ERROR(stage->Check(*bundles_.Current()));
  local_candidates_ = stage.get();
  candidates_ = std::move(stage);
  if (HasCanary(config) && config.role() != v1::ROLE_RANKING)
    candidates_ = std::make_unique<RecordingCandidateStage>(std::move(candidates_), recorded_);
  return absl::OkStatus();
}

absl::Status Server::OpenRecommender(const v1::ServerConfig& config) {
  rules_.emplace(FromMessage(config.re_ranking()));
  RETURN_IF_ERROR(CheckRules(bundles_.Current()));
  catalog_writer_.emplace(bundles_, *states_, *follower_, clock_);
  if (!config.degradation().off()) degradation_.emplace();
  fallback_.segment_attribute = config.candidates().segment_attribute();
  CandidateSettings fallback;
  fallback.sources = fallback_;
  RETURN_IF_ERROR(LocalCandidateStage(std::move(fallback)).Check(*bundles_.Current()));
  pipeline_.emplace(PipelineParts{.candidates = candidates_.get(),
                                  .ranking = ranking_.get(),
                                  .rules = &*rules_,
                                  .degradation = degradation_ ? &*degradation_ : nullptr,
                                  .fallback = &fallback_});
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

absl::Status Server::CheckRules(const std::shared_ptr<const Bundle>& bundle) const {
  if (!rules_) return absl::OkStatus();
  RETURN_IF_ERROR(rules_->For(bundle).status());
  return rules_->CheckLikedHead(*bundle);
}

absl::Status Server::CheckFits(const std::shared_ptr<const Bundle>& bundle) const {
  RETURN_IF_ERROR(CheckRules(bundle));
  return local_candidates_ != nullptr ? local_candidates_->Check(*bundle) : absl::OkStatus();
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
  grpc_server_->Shutdown(grace_,
                         [this](absl::Duration time) { in_flight_step_.WaitUntilNone(time); });
  grpc_server_ = nullptr;
  follower_ = nullptr;
  trending_follower_ = nullptr;
  served_answers_.reset();  // Records those that wait.
}

}  // namespace shortlist
