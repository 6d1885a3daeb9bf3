#include "serving/requests/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

using testing::ElementsAre;

v1::RecommendRequest RequestOf(const std::string& user_id) {
  v1::RecommendRequest request;
  request.set_user_id(user_id);
  return request;
}

v1::RecommendResponse AnswerWith(const std::vector<std::string>& ids) {
  v1::RecommendResponse response;
  for (const std::string& id : ids) response.add_items()->set_item_id(id);
  return response;
}

std::string ErrorOf(const v1::RecommendRequest& request) {
  const absl::Status status = ShownBefore(request).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

constexpr char kNotAToken[] = "page_token: is not a token that Recommend returned";

TEST(PageToken, HoldsWhatAllPagesSoFarShowed) {
  v1::RecommendRequest request = RequestOf("u");
  EXPECT_THAT(ShownBefore(request).value(), ElementsAre());
  request.set_page_token(
      NextPageToken(request, {}, 2, AnswerWith({"a", std::string("\0\u00ff", 3)})));
  const std::vector<std::string> shown = ShownBefore(request).value();
  EXPECT_THAT(shown, ElementsAre("a", std::string("\0\u00ff", 3)));
  request.set_page_token(NextPageToken(request, shown, 1, AnswerWith({"c"})));
  EXPECT_THAT(ShownBefore(request).value(), ElementsAre("a", std::string("\0\u00ff", 3), "c"));
}

TEST(PageToken, IsFitForAUrl) {
  std::vector<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(absl::StrCat("item ", i));
  const v1::RecommendRequest request = RequestOf("u");
  EXPECT_EQ(
      NextPageToken(request, {}, 100, AnswerWith(ids))
          .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
}

TEST(PageToken, ThereIsNoneAfterTheLastPage) {
  const v1::RecommendRequest request = RequestOf("u");
  EXPECT_EQ(NextPageToken(request, {}, 3, AnswerWith({"a", "b"})), "");
  std::vector<std::string> shown(kMaxPagedItems - 1, "x");
  EXPECT_NE(NextPageToken(request, shown, 1, AnswerWith({"a"})), "");
  EXPECT_EQ(NextPageToken(request, shown, 2, AnswerWith({"a", "b"})), "");
}

TEST(PageToken, IsGoodForTheSameUserFilterAndGivenItemsOnly) {
  using Change = std::function<void(v1::RecommendRequest&)>;
  const std::vector<std::pair<bool, Change>> changes = {
      {true, [](auto& r) { r.set_count(7); }},
      {true, [](auto& r) { r.set_explain(true); }},
      {true, [](auto& r) { r.add_exclude_item_ids("x"); }},
      {true, [](auto& r) { r.mutable_context()->set_time_ms(7); }},
      {true, [](auto& r) { r.mutable_re_ranking()->set_diversity(0.5); }},
      {true, [](auto& r) { r.mutable_filter(); }},
      {false, [](auto& r) { r.set_user_id("v"); }},
      {false, [](auto& r) { r.set_session_id("u"); }},
      {false, [](auto& r) { r.mutable_anonymous(); }},
      {false, [](auto& r) { r.mutable_filter()->add_all_of()->set_attribute("genre"); }},
      {false, [](auto& r) { r.add_candidate_item_ids("a"); }},
  };
  v1::RecommendRequest request = RequestOf("u");
  request.set_page_token(NextPageToken(request, {}, 1, AnswerWith({"a"})));
  for (const auto& [is_good, change] : changes) {
    v1::RecommendRequest changed = request;
    change(changed);
    SCOPED_TRACE(changed.ShortDebugString());
    if (is_good) {
      EXPECT_THAT(ShownBefore(changed).value(), ElementsAre("a"));
    } else {
      EXPECT_EQ(ErrorOf(changed),
                "page_token: is of another request: user, filter and candidate_item_ids must be "
                "the same");
    }
  }
}

TEST(PageToken, AnAnonymousUserMayKnowMoreOfThemselves) {
  v1::RecommendRequest request;
  request.mutable_anonymous()->add_recent_item_ids("a");
  request.set_page_token(NextPageToken(request, {}, 1, AnswerWith({"b"})));
  request.mutable_anonymous()->add_recent_item_ids("b");
  EXPECT_THAT(ShownBefore(request).value(), ElementsAre("b"));
}

TEST(PageToken, RefusesWhatIsGarbled) {
  v1::RecommendRequest request = RequestOf("u");
  const std::string token = NextPageToken(request, {}, 2, AnswerWith({"a", "b"}));
  for (const std::string& bad : {std::string("!"), std::string("AA"), std::string("AQAAAAAA"),
                                 token.substr(1), token + "AAAA"}) {
    request.set_page_token(bad);
    EXPECT_THAT(ErrorOf(request), testing::StartsWith("page_token: is ")) << bad;
  }
  for (size_t i = 2; i < token.size(); ++i) {  // The first two have the version.
    std::string garbled = token;
    garbled[i] = garbled[i] == 'A' ? 'B' : 'A';
    request.set_page_token(garbled);
    EXPECT_EQ(ErrorOf(request), kNotAToken) << i;
  }
  request.set_page_token("B" + token.substr(1));
  EXPECT_EQ(ErrorOf(request), "page_token: is of another version of the service; begin again");
}

}  // namespace
}  // namespace shortlist
