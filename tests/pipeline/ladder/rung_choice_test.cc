#include "pipeline/ladder/rung_choice.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

absl::Duration Ms(double milliseconds) { return absl::Microseconds(1000 * milliseconds); }

TEST(ChooseRung, IsAFunctionOfTimeAndHealth) {
  struct Row {
    const char* what;
    RungConditions conditions;
    RungId rung;
  };
  const RungConditions usual{.left = Ms(50), .candidates_time = Ms(3), .ranking_time = Ms(2)};
  const auto with = [&](auto change) {
    RungConditions conditions = usual;
    change(conditions);
    return conditions;
  };
  const Row rows[] = {
      {"all is well", usual, kFullRung},
      {"nothing is known", {}, kFullRung},
      {"just enough time", with([](auto& c) { c.left = Ms(5); }), kFullRung},
      {"time for half of the ranking", with([](auto& c) { c.left = Ms(4); }), kFewerCandidatesRung},
      {"and for half of the search", with([](auto& c) { c.left = Ms(3.5); }), kLowerEffortRung},
      {"for stage one alone", with([](auto& c) { c.left = Ms(3), c.ranking_time = Ms(9); }),
       kUnrankedRung},
      {"for the ranker, but not for stage one", with([](auto& c) { c.candidates_time = Ms(99); }),
       kRankedPopularRung},
      {"for neither", with([](auto& c) { c.left = Ms(1); }), kPopularRung},
      {"for nothing", with([](auto& c) { c.left = Ms(0.5); }), kPrecomputedRung},
      {"too late already", with([](auto& c) { c.left = Ms(-7); }), kPrecomputedRung},
      {"too late for the ranker, and the candidates are there",
       with([](auto& c) { c.left = Ms(-7), c.candidates_time = Ms(0); }), kUnrankedRung},
      {"narrowed by a step", with([](auto& c) { c.narrowing = 1; }), kFewerCandidatesRung},
      {"by two", with([](auto& c) { c.narrowing = 2; }), kLowerEffortRung},
      {"by more than there are", with([](auto& c) { c.narrowing = 9; }), kLowerEffortRung},
      {"the ranker is down", with([](auto& c) { c.ranking_up = false; }), kUnrankedRung},
      {"and effort narrowed", with([](auto& c) { c.ranking_up = false, c.narrowing = 2; }),
       kUnrankedRung},
      {"stage one is down", with([](auto& c) { c.candidates_up = false; }), kRankedPopularRung},
      {"both are", with([](auto& c) { c.candidates_up = c.ranking_up = false; }), kPopularRung},
      {"and there is no time",
       with([](auto& c) { c.candidates_up = c.ranking_up = false, c.left = Ms(0); }),
       kPrecomputedRung},
  };
  for (const Row& row : rows)
    EXPECT_EQ(ChooseRung(RungTable(), row.conditions).id, row.rung) << row.what;
}

TEST(ChooseRung, OfALadderOfOneRungIsThatOne) {
  const Rung only[] = {{.id = 7}};
  EXPECT_EQ(ChooseRung(only, {.left = Ms(0), .candidates_up = false, .narrowing = 3}).id, 7);
}

}  // namespace
}  // namespace shortlist
