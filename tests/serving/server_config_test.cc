#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <thread>

#include "serving/server_config.h"

namespace shortlist {
namespace {

std::string ErrorOf(const std::function<void(v1::ServerConfig&)>& change) {
  v1::ServerConfig config;
  config.set_models_dir("models");
  config.set_role(v1::ROLE_RECOMMEND);
  config.set_retrieval_address("a:1");
  config.set_ranking_address("b:2");
  change(config);
  const absl::StatusOr<v1::ServerConfig> complete = CompleteConfig(config);
  if (complete.ok()) return "";
  EXPECT_EQ(complete.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(complete.status().message());
}

TEST(ServerConfig, FillsInTheDefaults) {
  v1::ServerConfig config;
  config.set_models_dir("models");
  const absl::StatusOr<v1::ServerConfig> complete = CompleteConfig(config);
  ASSERT_TRUE(complete.ok()) << complete.status();
  EXPECT_EQ(complete->listen(), "127.0.0.1:50051");
  EXPECT_EQ(complete->role(), v1::ROLE_ALL);
  EXPECT_EQ(complete->state(), "models/state.db");
  EXPECT_EQ(complete->shutdown_grace_seconds(), 10);
  EXPECT_EQ(complete->request_timeout_ms(), 5'000);
  EXPECT_EQ(complete->events().max_clock_skew_seconds(), 300);
  EXPECT_EQ(static_cast<unsigned>(complete->worker_threads()), std::thread::hardware_concurrency());
  EXPECT_EQ(complete->admission().max_queue(), 1'024);
  EXPECT_EQ(complete->admission().max_wait_ms(), 12);
  EXPECT_FALSE(complete->has_rate_limit());
}

TEST(ServerConfig, SaysWhatEventsAreWorth) {
  v1::EventsConfig events;
  v1::WorthRule& rule = *events.add_worth();
  rule.set_column("type");
  rule.set_is("view");
  rule.set_worth(0.5F);
  v1::Event view;
  view.set_type(v1::EVENT_TYPE_VIEW);
  EXPECT_EQ(WorthOf(events)->Of(view), 0.5F);
  rule.set_column("stars");
  EXPECT_EQ(WorthOf(events).status(),
            absl::InvalidArgumentError("events.worth[0].column: must be type, rating or dwell_ms"));
}

TEST(ServerConfig, KeepsWhatIsSet) {
  v1::ServerConfig config;
  config.set_models_dir("models");
  config.set_listen("[::]:7");
  config.set_role(v1::ROLE_RANKING);
  config.set_state("elsewhere.db");
  config.set_shutdown_grace_seconds(3);
  config.set_request_timeout_ms(100);
  config.set_budget_ms(30);
  config.set_worker_threads(1);
  config.set_feature_log("features.log");
  config.set_feature_log_interval(7);
  config.mutable_admission()->set_max_queue(3);
  config.mutable_admission()->set_max_wait_ms(4);
  const absl::StatusOr<v1::ServerConfig> complete = CompleteConfig(config);
  ASSERT_TRUE(complete.ok()) << complete.status();
  EXPECT_EQ(complete->SerializeAsString(), config.SerializeAsString());
}

TEST(ServerConfig, NamesWhatIsMissingOrOutOfRange) {
  EXPECT_EQ(ErrorOf([](auto&) {}), "");
  EXPECT_EQ(ErrorOf([](auto& c) { c.clear_models_dir(); }), "models_dir: is missing");
  EXPECT_EQ(ErrorOf([](auto& c) { c.clear_retrieval_address(); }),
            "retrieval_address: is missing; the role recommend needs it");
  EXPECT_EQ(ErrorOf([](auto& c) { c.clear_ranking_address(); }),
            "ranking_address: is missing; the role recommend needs it");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_shutdown_grace_seconds(-1); }),
            "shutdown_grace_seconds: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_request_timeout_ms(-1); }),
            "request_timeout_ms: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_worker_threads(-1); }), "worker_threads: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_worker_threads(100'000); }),
            "worker_threads: is above 1024");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_feature_log("features.log"); }),
            "feature_log: is for the roles all and ranking");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_feature_log_interval(-1); }),
            "feature_log_interval: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_re_ranking()->set_diversity(2); }),
            "re_ranking.diversity: must be 0 to 1");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.mutable_re_ranking()->mutable_value_function()->set_liked_worth(-2);
            }),
            "re_ranking.value_function.liked_worth: must be 0 to 1e+06");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_RANKING);
              c.mutable_re_ranking()->set_diversity(0.2F);
            }),
            "re_ranking: is for the roles all and recommend");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_events()->set_max_clock_skew_seconds(-1); }),
            "events.max_clock_skew_seconds: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_events()->set_keep_days(-1); }),
            "events.keep_days: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_events()->set_keep_bytes(-1); }),
            "events.keep_bytes: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_events()->add_worth()->set_column("colour"); }),
            "events.worth[0].column: must be type, rating or dwell_ms");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_RETRIEVAL);
              c.mutable_events();
            }),
            "events: is for the roles all and recommend");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_candidates()->set_newest_attribute("year"); }),
            "candidates: may have only segment_attribute with the role recommend");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_candidates()->set_segment_attribute("gender"); }), "");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_RANKING);
              c.mutable_candidates();
            }),
            "candidates: is for the roles all, retrieval and recommend");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_budget_ms(-1); }), "budget_ms: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_hedge_quantile(1); }),
            "hedge_quantile: is not 0 or above, and below 1");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_ALL);
              c.set_hedge_quantile(0.9);
            }),
            "hedge_quantile: is for the role recommend");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_ranking_address("ranking"); }),
            "ranking_address: \"ranking\" is not of the form HOST:PORT");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_RANKING);
              c.mutable_degradation();
            }),
            "degradation: is for the roles all and recommend");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_RETRIEVAL);
              c.mutable_candidates()->set_trending_half_life_seconds(5);
            }),
            "candidates.trending_half_life_seconds: must be 60 to 31536000, is 5");
  // What trends goes by what events are worth.
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_RETRIEVAL);
              c.mutable_candidates()->set_trending_half_life_seconds(60);
              c.mutable_events();
            }),
            "");
  EXPECT_EQ(ErrorOf([](auto& c) { c.set_role(static_cast<v1::Role>(77)); }), "role: is not a role");
}

TEST(ServerConfig, NamesWhatIsWrongWithWhatIsLetIn) {
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_admission()->set_max_queue(-1); }),
            "admission.max_queue: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_admission()->set_max_wait_ms(-1); }),
            "admission.max_wait_ms: is negative");
  const std::string no_rate = "rate_limit.requests_per_second: must be above 0";
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_rate_limit(); }), no_rate);
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_rate_limit()->set_requests_per_second(NAN); }),
            no_rate);
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.mutable_rate_limit()->set_requests_per_second(1);
              c.mutable_rate_limit()->set_burst(-1);
            }),
            "rate_limit.burst: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) {
              c.set_role(v1::ROLE_RANKING);
              c.mutable_rate_limit()->set_requests_per_second(1);
            }),
            "rate_limit: is for the roles all and recommend");
}

TEST(ServerConfig, AClientMayMakeTheCallsOfASecondAtOnce) {
  const auto burst = [](double per_second) {
    v1::ServerConfig config;
    config.set_models_dir("models");
    config.mutable_rate_limit()->set_requests_per_second(per_second);
    return CompleteConfig(config)->rate_limit().burst();
  };
  EXPECT_EQ(burst(0.1), 1);
  EXPECT_EQ(burst(7.5), 8);
}

TEST(ServerConfig, ShowingsAreKeptForAsLongAsTheCapNeeds) {
  v1::ServerConfig config;
  config.set_models_dir("models");
  v1::FrequencyCap& cap = *config.mutable_impressions()->mutable_frequency_cap();
  cap.set_showings(3);
  cap.set_within_seconds(100);
  EXPECT_EQ(CompleteConfig(config)->impressions().keep_seconds(), 200);
  cap.set_rest_seconds(50);
  EXPECT_EQ(CompleteConfig(config)->impressions().keep_seconds(), 150);
  v1::LogEntry answer;
  answer.mutable_answer()->add_items();
  EXPECT_TRUE(ProjectionOf(config)->Changes(answer));
  EXPECT_FALSE(ProjectionOf({})->Changes(answer));
  config.mutable_impressions()->set_events_only(true);
  EXPECT_FALSE(ProjectionOf(config)->Changes(answer));
}

TEST(ServerConfig, NamesWhatIsWrongWithImpressions) {
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_impressions(); }),
            "impressions: has neither frequency_cap nor keep_seconds");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_impressions()->set_keep_seconds(-1); }),
            "impressions.keep_seconds: is negative");
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_impressions()->mutable_frequency_cap(); }),
            "impressions.frequency_cap.showings: must be 1 to 10, is 0");
  const auto cap = [](v1::ServerConfig& c) {
    c.mutable_impressions()->mutable_frequency_cap()->set_showings(1);
    c.mutable_impressions()->mutable_frequency_cap()->set_within_seconds(60);
  };
  EXPECT_EQ(ErrorOf([&](auto& c) {
              cap(c);
              c.mutable_impressions()->set_keep_seconds(100);
            }),
            "impressions.keep_seconds: must be 120 or more for frequency_cap");
  EXPECT_EQ(ErrorOf([&](auto& c) {
              cap(c);
              c.mutable_events()->set_skip_served_answers(true);
            }),
            "impressions.events_only: must be true where events.skip_served_answers is: no answer "
            "is recorded");
  EXPECT_EQ(ErrorOf([&](auto& c) {
              cap(c);
              c.set_role(v1::ROLE_RETRIEVAL);
            }),
            "impressions: is for the roles all and recommend");
}

TEST(ServerConfig, SwapsAreForTheRolesThatTryBundles) {
  EXPECT_EQ(ErrorOf([](auto& c) { c.mutable_swap(); }),
            "swap: is for the roles all, retrieval and ranking");
  const auto error = [](const std::function<void(v1::ServerConfig&)>& change) {
    return ErrorOf([&](v1::ServerConfig& config) {
      config.set_role(v1::ROLE_RANKING);
      change(config);
    });
  };
  EXPECT_EQ(error([](auto& c) { c.mutable_swap()->mutable_canary()->set_min_recall(2); }),
            "swap.canary.min_recall: must be from 0 to 1");
  EXPECT_EQ(error([](auto& c) { c.mutable_bundles()->set_keep(-1); }), "bundles.keep: is negative");
  EXPECT_EQ(error([](auto& c) {
              c.mutable_swap()->mutable_canary()->set_off(true);
              c.mutable_bundles()->set_keep(3);
            }),
            "");
}

}  // namespace
}  // namespace shortlist
