#include "serving/server_config.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "serving/remote/remote_call.h"
#include "serving/requests/candidate_settings.h"
#include "serving/requests/request_validation.h"
#include "serving/swap/canary_settings.h"

namespace shortlist {
namespace {

// The stages compute; the recommend role waits for them, so that it needs a thread for every
// request that may be under way.
constexpr int kWaitingThreads = 64;
constexpr int kMostThreads = 1'024;
constexpr int kMaxQueue = 1'024;
constexpr int kMaxWaitMs = 12;
constexpr double kMostDefaultBurst = 1e9;

// More threads than cores would share these between requests that could be done one after another.
int DefaultWorkerThreads(v1::Role role) {
  if (role == v1::ROLE_RECOMMEND) return kWaitingThreads;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
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

absl::Status CheckSwap(const v1::ServerConfig& config) {
  if (config.has_swap() && config.role() == v1::ROLE_RECOMMEND)
    return Invalid({nullptr, "swap"}, "is for the roles all, retrieval and ranking");
  const FieldPath bundles{nullptr, "bundles"};
  RETURN_IF_ERROR(CheckNotNegative({&bundles, "keep"}, config.bundles().keep()));
  return CanarySettingsOf(config.swap().canary()).status();
}

}  // namespace

bool TakesRequests(v1::Role role) { return role == v1::ROLE_ALL || role == v1::ROLE_RECOMMEND; }

absl::StatusOr<FrequencyCap> ConfiguredCap(const v1::ImpressionsConfig& impressions) {
  if (!impressions.has_frequency_cap()) return FrequencyCap();
  const FieldPath path{nullptr, "impressions"};
  return FrequencyCapOf(impressions.frequency_cap(), {&path, "frequency_cap"},
                        /*may_be_off=*/false);
}

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

}  // namespace shortlist
