// What was measured, as JSON. Apart from the measuring, so that one source compiles the library.
#pragma once

#include <span>

#include <nlohmann/json_fwd.hpp>

#include "evaluation/diversity_quality.h"
#include "evaluation/evaluator.h"
#include "evaluation/liked_quality.h"
#include "evaluation/ranker_quality.h"

namespace shortlist {

// {"popularity": {"hit@10": 0.1, ...}, ...}
nlohmann::json MetricsJson(std::span<const EvaluationRow> rows);

// {"popularity": {"hit@10": [0.09, 0.11], ...}, ...}: 95 % intervals of the metrics that have them.
nlohmann::json IntervalsJson(std::span<const EvaluationRow> rows);

// {"two_stage": {"auc": 0.8, "gauc": ..., "log_loss": ..., "ece": ..., "ndcg@10": ...}, ...}, the
// first one with "reliability": [[candidates, predicted, observed], ...].
nlohmann::json RankersJson(std::span<const RankerQuality> rankers);

nlohmann::json LikedQualityJson(const LikedQuality& quality);

// [{"diversity": 0.3, "ndcg@10": ..., "distance@10": ..., "values@10": {"genre": 6.1}}, ...]
nlohmann::json DiversityJson(std::span<const DiversityQuality> settings);

}  // namespace shortlist
