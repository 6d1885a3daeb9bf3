// What was measured, as JSON. Apart from the measuring, so that one source compiles the library.
#pragma once

#include <span>

#include <nlohmann/json_fwd.hpp>

#include "data/split_summary.h"
#include "evaluation/evaluator.h"
#include "evaluation/quality/diversity_quality.h"
#include "evaluation/quality/liked_quality.h"
#include "evaluation/quality/ranker_quality.h"
#include "evaluation/quality/rung_quality.h"
#include "evaluation/seed_summary.h"

namespace shortlist {

// {"popularity": {"hit@10": 0.1, ...}, ...}
nlohmann::json MetricsJson(std::span<const EvaluationRow> rows);

// {"popularity": {"hit@10": [0.09, 0.11], ...}, ...}: 95 % intervals of the metrics that have them.
nlohmann::json IntervalsJson(std::span<const EvaluationRow> rows);

// {"metric": "ndcg@10", "pairs": [{"model": "two_stage", "baseline": "ease", "difference": 0.02,
// "difference_interval": [low, high], "ratio": 1.3, "ratio_interval": [low, high], "p": 0.0001},
// ...]}; what is infinite or undefined is null.
nlohmann::json ComparisonsJson(const Evaluation& evaluation);

// The members of SplitSummary by their names.
nlohmann::json SplitSummaryJson(const SplitSummary& summary);

// {"models": {"ease": {"ndcg@10": {"mean": 0.2, "deviation": 0.001}, ...}, ...}, "comparisons":
// {"metric": "ndcg@10", "pairs": [{"model": "two_stage", "baseline": "ease", "mean": 0.02,
// "deviation": 0.001, "ratio": 1.1, "better": 5}, ...]}}
nlohmann::json SeedSummaryJson(const SeedSummary& summary);

// {"two_stage": {"auc": 0.8, "gauc": ..., "log_loss": ..., "ece": ..., "ndcg@10": ...}, ...}, the
// first one with "reliability": [[candidates, predicted, observed], ...].
nlohmann::json RankersJson(std::span<const RankerQuality> rankers);

nlohmann::json LikedQualityJson(const LikedQuality& quality);

// [{"diversity": 0.3, "ndcg@10": ..., "distance@10": ..., "values@10": {"genre": 6.1}}, ...]
nlohmann::json DiversityJson(std::span<const DiversityQuality> settings);

// [{"rung": 4, "ndcg@10": ...}, ...]
nlohmann::json RungsJson(std::span<const RungQuality> rungs);

}  // namespace shortlist
