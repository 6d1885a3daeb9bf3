#include "pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "pipeline/rungs/full.h"
#include "tests/support/scripted_stages.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

constexpr RungId kPopularRung = 77;

// A rung that a test adds: the popular items, without a stage being asked.
absl::StatusOr<Answer> AnswerPopular(const PipelineParts& /*parts*/, BoundQuery& query,
                                     const Budget& /*budget*/) {
  Answer answer{.bundle = query.shared_bundle()};
  for (ItemRow item = 0; item < query.query().count; ++item)
    answer.items.push_back({.item = item, .source = SourceId::kPopular});
  return answer;
}

constexpr Rung kRungsOfTheTest[] = {{kFullRung, AnswerInFull}, {kPopularRung, AnswerPopular}};

class PipelineTest : public testing::Test {
 protected:
  absl::StatusOr<Answer> Run(std::span<const Rung> rungs = RungTable()) const {
    const Pipeline pipeline({.candidates = &candidates_, .ranking = &ranking_, .rules = &rules_},
                            rungs);
    return pipeline.Run(query_, SharedTestModels().bundle(),
                        Budget(clock_, absl::UnixEpoch() + absl::Milliseconds(50)));
  }

  absl::Time now_ = absl::UnixEpoch();
  const Clock clock_ = [this] { return now_; };
  ScriptedCandidateStage candidates_;
  ScriptedRankingStage ranking_;
  const ConfiguredRules rules_;
  Query query_;
};

TEST_F(PipelineTest, TheAnswerNamesTheRungThatMadeIt) {
  EXPECT_EQ(Run()->rung, kFullRung);
  EXPECT_EQ(Run(kRungsOfTheTest)->rung, kFullRung);
}

TEST_F(PipelineTest, ARungThatIsAddedAnswersWhenTheOneAboveCannot) {
  candidates_.script = [](BoundQuery&, const Budget&) {
    return absl::UnavailableError("retrieval service at a:1: gone");
  };
  EXPECT_EQ(Run().status(), absl::UnavailableError("retrieval service at a:1: gone"));
  const absl::StatusOr<Answer> answer = Run(kRungsOfTheTest);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->rung, kPopularRung);
  EXPECT_EQ(answer->items.size(), 20u);
}

TEST_F(PipelineTest, NoOtherRungIsTriedForARequestThatIsWrong) {
  query_.filter.all_of = {{.attribute = "colour", .any_value = {"red"}, .range = {}}};
  EXPECT_EQ(Run(kRungsOfTheTest).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(PipelineTest, TheErrorIsThatOfTheFirstRung) {
  static constexpr Rung kRungs[] = {
      {kFullRung, AnswerInFull},
      {kPopularRung,
       [](const PipelineParts&, BoundQuery&, const Budget&) -> absl::StatusOr<Answer> {
         return absl::UnavailableError("the second one, too");
       }}};
  ranking_.script = [](BoundQuery&, std::span<const Candidate>, bool, const Budget&) {
    return absl::UnavailableError("ranking service at b:2: gone");
  };
  EXPECT_EQ(Run(kRungs).status(), absl::UnavailableError("ranking service at b:2: gone"));
}

}  // namespace
}  // namespace shortlist
