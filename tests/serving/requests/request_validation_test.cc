#include "serving/requests/request_validation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

namespace shortlist {
namespace {

const std::string kLongId(257, 'x');
const std::string kLongestId(256, 'x');

template <class Request>
void ExpectValid(Request request, const std::function<void(Request&)>& change) {
  change(request);
  const absl::Status status = Validate(request);
  EXPECT_TRUE(status.ok()) << status << "\n" << request.ShortDebugString();
}

// `error`: what the message must begin with: the field's path and more.
template <class Request>
void ExpectInvalid(const std::string& error, Request request,
                   const std::function<void(Request&)>& change) {
  change(request);
  const absl::Status status = Validate(request);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << error;
  EXPECT_EQ(std::string(status.message()).substr(0, error.size()), error) << status;
}

class RecommendRequestValidation : public ::testing::Test {
 protected:
  using Request = v1::RecommendRequest;
  using Change = std::function<void(Request&)>;

  RecommendRequestValidation() { request_.set_user_id("42"); }
  void Valid(const Change& change) { ExpectValid<Request>(request_, change); }
  void Invalid(const std::string& error, const Change& change) {
    ExpectInvalid<Request>(error, request_, change);
  }

  Request request_;
};

TEST_F(RecommendRequestValidation, NeedsAUserOrAnAnonymousOne) {
  Valid([](auto&) {});
  Valid([](auto& r) { r.mutable_anonymous(); });
  Invalid("user_id: is missing", [](auto& r) { r.clear_user_id(); });
}

TEST_F(RecommendRequestValidation, LimitsTheSessionId) {
  Invalid("session_id: is empty", [](auto& r) { r.set_session_id(""); });
  Valid([](auto& r) { r.set_session_id(kLongestId); });
  Invalid("session_id: has 257 bytes", [](auto& r) { r.set_session_id(kLongId); });
}

TEST_F(RecommendRequestValidation, LimitsTheUserId) {
  Invalid("user_id: is empty", [](auto& r) { r.set_user_id(""); });
  Valid([](auto& r) { r.set_user_id(kLongestId); });
  Invalid("user_id: has 257 bytes, at most 256 are allowed",
          [](auto& r) { r.set_user_id(kLongId); });
}

TEST_F(RecommendRequestValidation, LimitsCount) {
  for (int count : {1, 200}) Valid([&](auto& r) { r.set_count(count); });
  Invalid("count: must be 1 to 200, is 0", [](auto& r) { r.set_count(0); });
  Invalid("count: must be 1 to 200, is -1", [](auto& r) { r.set_count(-1); });
  Invalid("count: must be 1 to 200, is 10000", [](auto& r) { r.set_count(10'000); });
}

TEST_F(RecommendRequestValidation, LimitsCandidateCount) {
  for (int count : {1, 5000}) Valid([&](auto& r) { r.set_candidate_count(count); });
  Invalid("candidate_count: must be 1 to 5000, is 0", [](auto& r) { r.set_candidate_count(0); });
  Invalid("candidate_count: must be 1 to 5000, is 5001",
          [](auto& r) { r.set_candidate_count(5001); });
}

TEST_F(RecommendRequestValidation, LimitsWhatAnAnonymousCallerGives) {
  Invalid("anonymous.recent_item_ids[1]: is empty", [](auto& r) {
    r.mutable_anonymous()->add_recent_item_ids("a");
    r.mutable_anonymous()->add_recent_item_ids("");
  });
  Invalid("anonymous.recent_item_ids[0]: has 257 bytes",
          [](auto& r) { r.mutable_anonymous()->add_recent_item_ids(kLongId); });
  Invalid("anonymous.recent_item_ids: has 10001 entries, at most 10000", [](auto& r) {
    for (int i = 0; i < 10'001; ++i) r.mutable_anonymous()->add_recent_item_ids("a");
  });
  Invalid("anonymous.attributes: has 65 entries", [](auto& r) {
    for (int i = 0; i < 65; ++i) r.mutable_anonymous()->add_attributes()->set_name("a");
  });
  Invalid("anonymous.attributes[0].name: is empty",
          [](auto& r) { r.mutable_anonymous()->add_attributes(); });
  Invalid("anonymous.attributes[0].values[0]: has 257 bytes", [](auto& r) {
    v1::Attribute* attribute = r.mutable_anonymous()->add_attributes();
    attribute->set_name("gender");
    attribute->add_values(kLongId);
  });
}

TEST_F(RecommendRequestValidation, LimitsTheContext) {
  Valid([](auto& r) { r.mutable_context()->set_device(kLongestId); });
  Invalid("context.time_ms: is negative", [](auto& r) { r.mutable_context()->set_time_ms(-1); });
  Invalid("context.device: has 257", [](auto& r) { r.mutable_context()->set_device(kLongId); });
  Invalid("context.surface: has 257", [](auto& r) { r.mutable_context()->set_surface(kLongId); });
  for (const char* zone : {"Europe/Berlin", "+02:00"})
    Valid([&](auto& r) { r.mutable_context()->set_time_zone(zone); });
  Invalid("context.time_zone: \"Mars\" is neither the name of a time zone",
          [](auto& r) { r.mutable_context()->set_time_zone("Mars"); });
  Invalid("context.time_zone: has 257",
          [](auto& r) { r.mutable_context()->set_time_zone(kLongId); });
  Invalid("context.extra: has 65 entries", [](auto& r) {
    for (int i = 0; i < 65; ++i) (*r.mutable_context()->mutable_extra())[std::to_string(i)] = "x";
  });
  Invalid("context.extra[\"" + kLongId.substr(0, 32) + "...\"].key: has 257",
          [](auto& r) { (*r.mutable_context()->mutable_extra())[kLongId] = "x"; });
  Invalid("context.extra[\"\"].key: is empty",
          [](auto& r) { (*r.mutable_context()->mutable_extra())[""] = "x"; });
  Invalid("context.extra[\"k\"]: has 257",
          [](auto& r) { (*r.mutable_context()->mutable_extra())["k"] = kLongId; });
}

TEST_F(RecommendRequestValidation, ChecksEveryConditionOfTheFilter) {
  Valid([](auto& r) {
    v1::AttributeCondition* genre = r.mutable_filter()->add_all_of();
    genre->set_attribute("genre");
    genre->mutable_any_value()->add_values("Comedy");
    v1::AttributeCondition* year = r.mutable_filter()->add_none_of();
    year->set_attribute("year");
    year->mutable_range()->set_min(1990);
  });
  Invalid("filter.all_of[0].attribute: is empty",
          [](auto& r) { r.mutable_filter()->add_all_of()->mutable_range(); });
  Invalid("filter.any_of[0]: has neither any_value nor range",
          [](auto& r) { r.mutable_filter()->add_any_of()->set_attribute("genre"); });
  auto with_any_value = [](auto& r, const std::string& value) {
    v1::AttributeCondition* condition = r.mutable_filter()->add_none_of();
    condition->set_attribute("genre");
    condition->mutable_any_value()->add_values(value);
  };
  Invalid("filter.none_of[0].any_value.values[0]: is empty",
          [&](auto& r) { with_any_value(r, ""); });
  Invalid("filter.none_of[1].any_value.values[0]: has 257 bytes", [&](auto& r) {
    with_any_value(r, "fine");
    with_any_value(r, kLongId);
  });
  Invalid("filter.all_of[0].any_value.values: is empty", [](auto& r) {
    v1::AttributeCondition* condition = r.mutable_filter()->add_all_of();
    condition->set_attribute("genre");
    condition->mutable_any_value();
  });
  Invalid("filter: has 65 entries", [&](auto& r) {
    for (int i = 0; i < 65; ++i) with_any_value(r, "x");
  });
}

TEST_F(RecommendRequestValidation, ChecksRanges) {
  auto with_range = [](auto& r, double min, double max) {
    v1::AttributeCondition* condition = r.mutable_filter()->add_all_of();
    condition->set_attribute("year");
    condition->mutable_range()->set_min(min);
    condition->mutable_range()->set_max(max);
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Valid([&](auto& r) { with_range(r, 1990, 1990); });
  Valid([&](auto& r) { with_range(r, -kInfinity, kInfinity); });
  Invalid("filter.all_of[0].range: min 1999 is above max 1990",
          [&](auto& r) { with_range(r, 1999, 1990); });
  Invalid("filter.all_of[0].range.min: is not a number",
          [&](auto& r) { with_range(r, std::nan(""), 1990); });
  Invalid("filter.all_of[0].range.max: is not a number",
          [&](auto& r) { with_range(r, 1990, std::nan("")); });
}

TEST_F(RecommendRequestValidation, LimitsTheExcludedItems) {
  Invalid("exclude_item_ids[0]: is empty", [](auto& r) { r.add_exclude_item_ids(""); });
  Invalid("exclude_item_ids[0]: has 257 bytes", [](auto& r) { r.add_exclude_item_ids(kLongId); });
  Invalid("exclude_item_ids: has 10001 entries", [](auto& r) {
    for (int i = 0; i < 10'001; ++i) r.add_exclude_item_ids("a");
  });
}

TEST_F(RecommendRequestValidation, LimitsTheGivenItems) {
  Invalid("candidate_item_ids[0]: is empty", [](auto& r) { r.add_candidate_item_ids(""); });
  Invalid("candidate_item_ids[0]: has 257 bytes",
          [](auto& r) { r.add_candidate_item_ids(kLongId); });
  Invalid("candidate_item_ids: has 5001 entries, at most 5000", [](auto& r) {
    for (int i = 0; i < 5'001; ++i) r.add_candidate_item_ids("a");
  });
}

TEST_F(RecommendRequestValidation, ChecksTheRulesOfReRanking) {
  Valid([](auto& r) { r.mutable_re_ranking()->set_diversity(1); });
  for (float bad : {-0.1F, 1.1F, NAN}) {
    Invalid("re_ranking.diversity: must be 0 to 1",
            [&](auto& r) { r.mutable_re_ranking()->set_diversity(bad); });
    Invalid("re_ranking.min_probability: must be 0 to 1",
            [&](auto& r) { r.mutable_re_ranking()->set_min_probability(bad); });
  }
  Valid([](auto& r) { r.mutable_re_ranking()->set_new_item_interval(0); });
  Invalid("re_ranking.new_item_interval: must be 0 to 200, is 201",
          [](auto& r) { r.mutable_re_ranking()->set_new_item_interval(201); });
  Invalid("re_ranking.limits[0].attribute: is empty",
          [](auto& r) { r.mutable_re_ranking()->add_limits()->set_max_items(1); });
  Invalid("re_ranking.limits[0].max_items: must be 1 or more",
          [](auto& r) { r.mutable_re_ranking()->add_limits()->set_attribute("genre"); });
  Invalid("re_ranking.limits[1].attribute: \"genre\" has a limit already", [](auto& r) {
    for (int i = 0; i < 2; ++i) {
      v1::AttributeLimit& limit = *r.mutable_re_ranking()->add_limits();
      limit.set_attribute("genre");
      limit.set_max_items(3);
    }
  });
  Invalid("re_ranking.pinned[0].item_id: is empty",
          [](auto& r) { r.mutable_re_ranking()->add_pinned(); });
  Invalid("re_ranking.pinned[0].place: must be 0 to 200, is 201", [](auto& r) {
    v1::PinnedItem& pinned = *r.mutable_re_ranking()->add_pinned();
    pinned.set_item_id("a");
    pinned.set_place(201);
  });
  Invalid("re_ranking.pinned: has 201 entries", [](auto& r) {
    for (int i = 0; i < 201; ++i) r.mutable_re_ranking()->add_pinned()->set_item_id("a");
  });
  Invalid("re_ranking.boosts[0]: has neither item_ids nor a filter",
          [](auto& r) { r.mutable_re_ranking()->add_boosts(); });
  for (float bad : {-21.0F, 21.0F, NAN})
    Invalid("re_ranking.boosts[0].log_odds: must be -20 to 20", [&](auto& r) {
      v1::Boost& boost = *r.mutable_re_ranking()->add_boosts();
      boost.add_item_ids("a");
      boost.set_log_odds(bad);
    });
  Valid([](auto& r) { r.mutable_re_ranking()->mutable_value_function()->set_liked_worth(1e6F); });
  for (const float bad : {-1.0F, 2e6F, NAN}) {
    Invalid("re_ranking.value_function.liked_worth: must be 0 to 1e+06", [&](auto& r) {
      r.mutable_re_ranking()->mutable_value_function()->set_liked_worth(bad);
    });
    Invalid("re_ranking.value_function.interaction_worth: must be 0 to 1e+06", [&](auto& r) {
      r.mutable_re_ranking()->mutable_value_function()->set_interaction_worth(bad);
    });
  }
  Invalid("re_ranking.value_function: interaction_worth and liked_worth are both 0", [](auto& r) {
    r.mutable_re_ranking()->mutable_value_function()->set_interaction_worth(0);
  });
  Invalid("re_ranking.boosts[0].filter.all_of[0].attribute: is empty",
          [](auto& r) { r.mutable_re_ranking()->add_boosts()->mutable_filter()->add_all_of(); });
}

TEST(UpsertItemsRequestValidation, AVectorHasAtMost4096Numbers) {
  v1::UpsertItemsRequest request;
  request.add_items()->set_item_id("a");
  using Change = std::function<void(v1::UpsertItemsRequest&)>;
  ExpectValid(request,
              Change([](auto& r) { r.mutable_items(0)->mutable_vector()->Resize(4'096, 1); }));
  ExpectInvalid("items[0].vector: has 4097 entries", request,
                Change([](auto& r) { r.mutable_items(0)->mutable_vector()->Resize(4'097, 1); }));
}

TEST(SimilarItemsRequestValidation, NamesTheField) {
  v1::SimilarItemsRequest request;
  using Change = std::function<void(v1::SimilarItemsRequest&)>;
  ExpectInvalid("item_id: is empty", request, Change([](auto&) {}));
  request.set_item_id("1");
  ExpectValid(request, Change([](auto&) {}));
  ExpectInvalid("item_id: has 257 bytes", request, Change([](auto& r) { r.set_item_id(kLongId); }));
  ExpectInvalid("count: must be", request, Change([](auto& r) { r.set_count(201); }));
  ExpectInvalid("filter.any_of[0]", request,
                Change([](auto& r) { r.mutable_filter()->add_any_of(); }));
  ExpectValid(request, Change([](auto& r) { r.set_by(v1::SIMILARITY_BOTH); }));
  ExpectInvalid("by: 7 is no Similarity", request,
                Change([](auto& r) { r.set_by(static_cast<v1::Similarity>(7)); }));
}

TEST(FindSimilarItemsRequestValidation, NamesTheField) {
  v1::FindSimilarItemsRequest request;
  request.set_item_id("1");
  using Change = std::function<void(v1::FindSimilarItemsRequest&)>;
  ExpectValid(request, Change([](auto& r) { r.set_by(v1::SIMILARITY_CONTENT); }));
  ExpectInvalid("by: 3 is no Similarity", request,
                Change([](auto& r) { r.set_by(static_cast<v1::Similarity>(3)); }));
}

TEST(GenerateCandidatesRequestValidation, NamesTheField) {
  using Request = v1::GenerateCandidatesRequest;
  using Change = std::function<void(Request&)>;
  ExpectValid(Request(), Change([](auto&) {}));
  ExpectInvalid("count: must be 0 to 5000, is 5001", Request(),
                Change([](auto& r) { r.set_count(5001); }));
  ExpectInvalid("user.user_id: has 257 bytes", Request(),
                Change([](auto& r) { r.mutable_user()->set_user_id(kLongId); }));
  ExpectInvalid("user.attributes[0].name: is empty", Request(),
                Change([](auto& r) { r.mutable_user()->add_attributes(); }));
  ExpectInvalid("user.history[1].value: is not finite", Request(), Change([](auto& r) {
                  r.mutable_user()->add_history()->set_value(1);
                  r.mutable_user()->add_history()->set_value(std::nanf(""));
                }));
  ExpectInvalid("user.history: has 100001 entries", Request(), Change([](auto& r) {
                  for (int i = 0; i <= 100'000; ++i) r.mutable_user()->add_history();
                }));
  ExpectInvalid("user.refused[0].item_id: has 257 bytes", Request(),
                Change([](auto& r) { r.mutable_user()->add_refused()->set_item_id(kLongId); }));
  ExpectInvalid("user.refused: has 10001 entries", Request(), Change([](auto& r) {
                  for (int i = 0; i <= 10'000; ++i) r.mutable_user()->add_refused();
                }));
  ExpectInvalid("exclude_item_ids[0]: is empty", Request(),
                Change([](auto& r) { r.add_exclude_item_ids(""); }));
  ExpectInvalid("exclude_item_ids: has 20001 entries", Request(), Change([](auto& r) {
                  for (int i = 0; i <= 20'000; ++i) r.add_exclude_item_ids("a");
                }));
  ExpectInvalid("candidate_item_ids: has 5001 entries", Request(), Change([](auto& r) {
                  for (int i = 0; i <= 5000; ++i) r.add_candidate_item_ids("a");
                }));
  ExpectInvalid("pinned_item_ids: has 401 entries", Request(), Change([](auto& r) {
                  for (int i = 0; i <= 400; ++i) r.add_pinned_item_ids("a");
                }));
}

TEST(RankRequestValidation, NamesTheField) {
  using Request = v1::RankRequest;
  using Change = std::function<void(Request&)>;
  Request request;
  request.set_bundle_id("abc");
  request.add_item_rows(3);
  request.add_scores(0.5);
  request.add_sources(v1::CANDIDATE_SOURCE_POPULAR);
  ExpectValid(request, Change([](auto&) {}));
  ExpectInvalid("bundle_id: is empty", request, Change([](auto& r) { r.clear_bundle_id(); }));
  ExpectInvalid("scores: is not as long", request, Change([](auto& r) { r.add_scores(1); }));
  ExpectInvalid("sources: is not as long", request, Change([](auto& r) { r.clear_sources(); }));
  ExpectInvalid("scores[0]: is not a cosine, -1 to 1", request,
                Change([](auto& r) { r.set_scores(0, std::nanf("")); }));
  for (int source : {0, 77})
    ExpectInvalid("sources[0]: is not a candidate source", request,
                  Change([&](auto& r) { r.set_sources(0, static_cast<v1::SourceId>(source)); }));
  ExpectInvalid("explain_candidates[0]: must be 0 to 0, is 1", request,
                Change([](auto& r) { r.add_explain_candidates(1); }));
  ExpectInvalid("explain_scores: is not as long as explain_candidates", request,
                Change([](auto& r) { r.add_explain_candidates(0); }));
  ExpectInvalid("explain_scores[0]: is not finite", request, Change([](auto& r) {
                  r.add_explain_candidates(0);
                  r.add_explain_scores(INFINITY);
                }));
  ExpectInvalid("item_rows: has 5001 entries", request, Change([](auto& r) {
                  for (int i = 0; i < 5000; ++i) r.add_item_rows(0);
                }));
  ExpectInvalid("explain_liked_scores: is not as long as explain_candidates", request,
                Change([](auto& r) { r.add_explain_liked_scores(0); }));
  ExpectInvalid("explain_liked_scores[0]: is not finite", request, Change([](auto& r) {
                  r.add_explain_candidates(0);
                  r.add_explain_scores(0);
                  r.add_explain_liked_scores(NAN);
                }));
  ExpectInvalid("explain_count: must be 0 to 200", request,
                Change([](auto& r) { r.set_explain_count(201); }));
}

TEST(CatalogRequestValidation, NamesTheField) {
  ExpectInvalid("item_id: is empty", v1::GetItemRequest(),
                std::function<void(v1::GetItemRequest&)>([](auto&) {}));
  using Change = std::function<void(v1::ListItemsRequest&)>;
  ExpectValid(v1::ListItemsRequest(), Change([](auto&) {}));
  ExpectInvalid("page_size: must be 0 to 1000, is 1001", v1::ListItemsRequest(),
                Change([](auto& r) { r.set_page_size(1001); }));
  ExpectInvalid("page_token: has 257 bytes", v1::ListItemsRequest(),
                Change([](auto& r) { r.set_page_token(kLongId); }));
  ExpectInvalid("filter.all_of[0]", v1::ListItemsRequest(),
                Change([](auto& r) { r.mutable_filter()->add_all_of(); }));
}

TEST(UsersRequestValidation, NamesTheField) {
  using Change = std::function<void(v1::UpsertUserRequest&)>;
  v1::UpsertUserRequest upsert;
  upsert.set_user_id("42");
  ExpectInvalid("attributes: is empty", upsert, Change([](auto&) {}));
  upsert.add_attributes()->set_name("gender");
  ExpectValid(upsert, Change([](auto&) {}));
  ExpectInvalid("user_id: is empty", upsert, Change([](auto& r) { r.clear_user_id(); }));
  ExpectInvalid("attributes[1].name: is empty", upsert,
                Change([](auto& r) { r.add_attributes(); }));
  ExpectInvalid("attributes[1].name: \"gender\" is there twice", upsert,
                Change([](auto& r) { r.add_attributes()->set_name("gender"); }));
  using GetChange = std::function<void(v1::GetUserRequest&)>;
  v1::GetUserRequest get;
  ExpectInvalid("user_id: is empty", get, GetChange([](auto&) {}));
  get.set_user_id("42");
  ExpectValid(get, GetChange([](auto& r) { r.set_count(1'000); }));
  ExpectInvalid("count: must be 0 to 1000, is 1001", get,
                GetChange([](auto& r) { r.set_count(1'001); }));
  using DeleteChange = std::function<void(v1::DeleteUserRequest&)>;
  ExpectInvalid("user_id: has 257 bytes", v1::DeleteUserRequest(),
                DeleteChange([](auto& r) { r.set_user_id(kLongId); }));
}

}  // namespace
}  // namespace shortlist
