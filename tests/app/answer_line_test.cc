#include "app/answer_line.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

std::string LineOf(const std::string& user, const Answer& answer) {
  std::string line;
  AppendAnswerLine(user, answer, line);
  return line;
}

TEST(AnswerLine, HasIdsScoresAndSourcesAsAnAnswerOfTheService) {
  Answer answer{.bundle = SharedTestModels().bundle(), .items = {}};
  answer.items.push_back(
      {.item = 3, .source = SourceId::kPopular, .score = -1.5F, .probability = 0.1F});
  EXPECT_EQ(LineOf("7", answer), "{\"user_id\":\"7\",\"bundle_id\":\"" + answer.bundle->id +
                                     "\",\"items\":[{\"item_id\":\"" +
                                     std::string(answer.bundle->catalog.id(3)) +
                                     "\",\"score\":-1.5,\"probability\":0.1,"
                                     "\"source\":\"CANDIDATE_SOURCE_POPULAR\"}]}\n");
}

TEST(AnswerLine, HasLikingAndMovesWhereThereAreAny) {
  Answer answer{.bundle = SharedTestModels().bundle(), .items = {}};
  answer.re_ranked = true;
  answer.items.push_back({.item = 0,
                          .liked_score = 0.25F,
                          .liked_probability = 0.5F,
                          .place_by_score = 4,
                          .moved_by = {"pinned", "at most 2 per genre"}});
  answer.items.push_back({.item = 1});
  const nlohmann::json line = nlohmann::json::parse(LineOf("7", answer));
  EXPECT_EQ(line["items"][0]["liked_score"], 0.25);
  EXPECT_EQ(line["items"][0]["liked_probability"], 0.5);
  EXPECT_EQ(line["items"][0]["place_by_score"], 5);  // From 1.
  EXPECT_EQ(line["items"][0]["moved_by"], (nlohmann::json{"pinned", "at most 2 per genre"}));
  EXPECT_FALSE(line["items"][1].contains("liked_score"));
}

TEST(AnswerLine, EscapesWhatJsonWantsEscapedAndGoesOnInTheSameText) {
  const Answer answer{.bundle = SharedTestModels().bundle(), .items = {}};
  const std::string user = "a\"b\\c\nd\x01\u00e9";
  std::string lines;
  AppendAnswerLine(user, answer, lines);
  const std::string first = lines;
  AppendAnswerLine("next", answer, lines);
  EXPECT_EQ(nlohmann::json::parse(first)["user_id"], user);
  EXPECT_EQ(first.find('\n'), first.size() - 1);
  EXPECT_EQ(lines, first + LineOf("next", answer));
}

TEST(AnswerLine, NumbersReadBackAsTheSameFloat) {
  for (float score : {1.0F / 3, -1e-20F, 3.4e38F, 0.0F}) {
    Answer answer{.bundle = SharedTestModels().bundle(), .items = {}};
    answer.items.push_back({.item = 0, .score = score});
    EXPECT_EQ(nlohmann::json::parse(LineOf("7", answer))["items"][0]["score"].get<float>(), score);
  }
}

}  // namespace
}  // namespace shortlist
