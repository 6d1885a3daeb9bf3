// The degradation ladder: the ways in which an answer can be made, best first. A rung says what it
// asks for and of whom; how that is done, the pipeline knows (pipeline.h). A rung is a line of the
// table (rung_table.cc); its number and public name are those of the enum Rung of
// proto/shortlist/v1/recommender.proto.
#pragma once

#include <span>

namespace shortlist {

// How much of the full pipeline made an answer: the number that the enum Rung gives it.
using RungId = int;

enum class CandidateOrigin {
  kStage,        // Stage one.
  kPopular,      // This process: what is popular in the user's segment, and everywhere.
  kPrecomputed,  // This process: the list of the user's segment that training wrote, as it is.
};

// What part of the usual work the stages are to do, above 0, up to 1.
struct Effort {
  double candidates = 1;  // Of the candidates that were asked for.
  double breadth = 1;     // Of the breadth by which the item index searches.
};

struct Rung {
  RungId id = 0;
  const char* name = "";  // For people.
  CandidateOrigin candidates = CandidateOrigin::kStage;
  bool is_ranked = true;  // By stage two; otherwise the order is that of the candidates.
  Effort effort = {};
};

inline constexpr RungId kFullRung = 1;
inline constexpr RungId kFewerCandidatesRung = 2;
inline constexpr RungId kLowerEffortRung = 3;
inline constexpr RungId kUnrankedRung = 4;
inline constexpr RungId kRankedPopularRung = 5;
inline constexpr RungId kPopularRung = 6;
inline constexpr RungId kPrecomputedRung = 7;

// All rungs, best first. The last asks for no stage.
std::span<const Rung> RungTable();

}  // namespace shortlist
