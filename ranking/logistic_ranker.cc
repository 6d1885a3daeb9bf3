#include "ranking/logistic_ranker.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/array_file.h"
#include "common/status_macros.h"

namespace shortlist {

absl::Status WriteLogisticWeights(const LogisticWeights& weights,
                                  const std::filesystem::path& path) {
  ArrayFileWriter writer;
  writer.AddOwned<uint64_t>("spec_fingerprint", {weights.spec_fingerprint});
  writer.AddOwned<float>("bias", {weights.bias});
  writer.AddOwned<float>("calibration", {weights.calibration_slope, weights.calibration_offset});
  writer.Add<float>("weights", weights.weights);
  return writer.Write(path);
}

LogisticRanker::LogisticRanker(LogisticWeights weights, const FeatureExtractor& extractor)
    : extractor_(&extractor),
      weights_(std::move(weights)),
      source_logits_(static_cast<size_t>(SourceId::kPinned) + 1, 0) {
  const AttributeSchema& schema = extractor.catalog().schema();
  affinity_slopes_.assign(schema.code_count(), 0);
  for (uint32_t code = 0; code < schema.code_count(); ++code)
    field_of_.push_back(schema.FieldOf(code));
  // By field: what the affinity to an item without a value of it is taken to be, and counts.
  std::vector<float> missing_affinity(schema.fields().size(), 0);
  for (size_t f = 0; f < extractor.spec().features.size(); ++f) {
    const Feature& feature = extractor.spec().features[f];
    const float* weight = &weights_.weights[extractor.first_index(f)];
    if (feature.kind == FeatureKind::kSource)
      for (size_t source = 1; source <= kSourceCount; ++source)
        source_logits_[source] += weight[source - 1];
    if (!HasNumber(feature.kind) || IsOfItemAlone(feature.kind) || IsOfRequestAlone(feature.kind))
      continue;
    if (feature.transform != FeatureTransform::kIdentity) {
      transformed_.push_back(f);
      continue;
    }
    const float slope = *weight / feature.deviation;
    zero_logit_ -= slope * feature.mean;
    if (feature.kind == FeatureKind::kHistoryAffinity) {
      const AttributeSchema::Field& field = *schema.FindField(feature.item_attribute);
      for (uint32_t i = 0; i < field.values.size(); ++i)
        affinity_slopes_[field.first_code + i] += slope;
      missing_affinity[static_cast<size_t>(&field - schema.fields().data())] +=
          slope * feature.mean;
    } else {
      slopes_[static_cast<size_t>(feature.kind)] += slope;
    }
  }
  std::vector<FeatureValue> values;
  item_terms_.reserve(extractor.catalog().item_count());
  for (ItemRow item = 0; item < extractor.catalog().item_count(); ++item) {
    extractor.ComputeItem(item, values);
    float logit = 0;
    for (const FeatureValue& value : values) logit += weights_.weights[value.index] * value.value;
    const std::span<const uint32_t> codes = extractor.catalog().codes(item);
    for (uint32_t field = 0; field < missing_affinity.size(); ++field)
      if (std::none_of(codes.begin(), codes.end(),
                       [&](uint32_t code) { return field_of_[code] == field; }))
        logit += missing_affinity[field];
    ItemTerm& term = item_terms_.emplace_back();
    term.logit = logit;
    term.code_count = static_cast<uint32_t>(codes.size());
    if (codes.size() > term.few.size()) {
      term.many = codes.data();
    } else {
      std::copy(codes.begin(), codes.end(), term.few.begin());
    }
  }
}

absl::StatusOr<LogisticRanker> LogisticRanker::Open(const std::filesystem::path& path,
                                                    const FeatureExtractor& extractor) {
  ASSIGN_OR_RETURN(ArrayFile file, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(auto fingerprint, file.Get<uint64_t>("spec_fingerprint", 1));
  ASSIGN_OR_RETURN(auto bias, file.Get<float>("bias", 1));
  ASSIGN_OR_RETURN(auto calibration, file.Get<float>("calibration", 2));
  ASSIGN_OR_RETURN(auto values, file.Get<float>("weights"));
  if (fingerprint[0] != extractor.spec().Fingerprint())
    return absl::DataLossError(
        absl::StrCat(file.path(), ": the weights belong to another feature spec"));
  if (values.size() != extractor.width())
    return absl::DataLossError(absl::StrCat(file.path(), ": has ", values.size(),
                                            " weights instead of ", extractor.width()));
  LogisticWeights weights{.spec_fingerprint = fingerprint[0],
                          .bias = bias[0],
                          .calibration_slope = calibration[0],
                          .calibration_offset = calibration[1],
                          .weights = {values.begin(), values.end()}};
  // Larger ones would make scores that are not finite.
  auto finite = [](float x) { return std::abs(x) <= 1e6F; };
  if (!finite(weights.bias) || !finite(weights.calibration_slope) ||
      !finite(weights.calibration_offset) ||
      !std::all_of(weights.weights.begin(), weights.weights.end(), finite))
    return absl::DataLossError(absl::StrCat(file.path(), ": a weight is not finite or too large"));
  return LogisticRanker(std::move(weights), extractor);
}

void LogisticRanker::Score(const FeatureExtractor::Request& request,
                           std::span<float> scores) const {
  const std::span<const Candidate> candidates = request.candidates;
  const float request_logit = RequestLogit(request);
  const std::vector<CodeLogit> code_logits = CodeLogits(request);
  auto slope = [&](FeatureKind kind) { return slopes_[static_cast<size_t>(kind)]; };
  const float score_slope = slope(FeatureKind::kTowerScore);
  const float rank_slope = slope(FeatureKind::kLogRank);
  const float co_occurrence_slope = slope(FeatureKind::kCoOccurrence);
  const float recent_tower_slope = slope(FeatureKind::kRecentTowerScore);
  const float history_regression_slope = slope(FeatureKind::kHistoryRegression);
  const float next_regression_slope = slope(FeatureKind::kNextRegression);
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i + 2 * kAhead < candidates.size())
      __builtin_prefetch(&item_terms_[candidates[i + 2 * kAhead].item]);
    if (i + kAhead < candidates.size())
      __builtin_prefetch(item_terms_[candidates[i + kAhead].item].many);
    const Candidate& candidate = candidates[i];
    const ItemTerm& item = item_terms_[candidate.item];
    float score = request_logit + item.logit +
                  source_logits_[static_cast<size_t>(candidate.source)] +
                  score_slope * candidate.score + rank_slope * extractor_->LogRank(i);
    if (!request.co_occurrence.empty()) score += co_occurrence_slope * request.co_occurrence[i];
    if (!request.recent_tower_score.empty())
      score += recent_tower_slope * request.recent_tower_score[i];
    if (!request.history_regression.empty())
      score += history_regression_slope * request.history_regression[i];
    if (!request.next_regression.empty())
      score += next_regression_slope * request.next_regression[i];
    // Codes of one field are neighbours.
    const std::span<const uint32_t> codes = item.codes();
    for (size_t begin = 0; begin < codes.size();) {
      const uint32_t field = code_logits[codes[begin]].field;
      float affinity = 0;
      size_t end = begin;
      for (; end < codes.size() && code_logits[codes[end]].field == field; ++end) {
        score += code_logits[codes[end]].cross;
        affinity += code_logits[codes[end]].affinity;
      }
      score += end - begin == 1 ? affinity : affinity / static_cast<float>(end - begin);
      begin = end;
    }
    scores[i] = score;
  }
  if (transformed_.empty()) return;
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    values.clear();
    for (size_t feature : transformed_) extractor_->AddNumeric(request, i, feature, values);
    for (const FeatureValue& value : values)
      scores[i] += weights_.weights[value.index] * value.value;
  }
}

float LogisticRanker::RequestLogit(const FeatureExtractor::Request& request) const {
  std::vector<FeatureValue> values;
  extractor_->ComputeRequest(request, values);
  float logit = weights_.bias + zero_logit_;
  for (const FeatureValue& value : values) logit += weights_.weights[value.index] * value.value;
  return logit;
}

std::vector<LogisticRanker::CodeLogit> LogisticRanker::CodeLogits(
    const FeatureExtractor::Request& request) const {
  std::vector<CodeLogit> logits(field_of_.size());
  for (size_t code = 0; code < logits.size(); ++code) {
    if (!request.affinity.empty())
      logits[code].affinity = affinity_slopes_[code] * request.affinity[code];
    logits[code].field = field_of_[code];
  }
  for (const FeatureExtractor::CrossRow& row : request.cross_rows) {
    CodeLogit* const of_row = logits.data() + row.first_code;
    if (extractor_->spec().features[row.feature].hash_size != 0) {
      for (uint32_t i = 0; i < row.count; ++i)
        of_row[i].cross +=
            weights_.weights[extractor_->IndexOfCell(row.feature, row.first_cell + i)];
      continue;
    }
    const float* const weights =
        weights_.weights.data() + extractor_->first_index(row.feature) + row.first_cell;
    for (uint32_t i = 0; i < row.count; ++i) of_row[i].cross += weights[i];
  }
  return logits;
}

float LogisticRanker::Probability(float score) const {
  return 1.0F /
         (1.0F + std::exp(-(weights_.calibration_slope * score + weights_.calibration_offset)));
}

std::vector<FeatureContribution> LogisticRanker::Explain(const FeatureExtractor::Request& request,
                                                         size_t position, float score) const {
  std::vector<FeatureValue> values;
  extractor_->Compute(request, position, values);
  std::vector<FeatureContribution> contributions;
  for (size_t begin = 0; begin < values.size();) {
    const size_t feature = extractor_->FeatureOf(values[begin].index);
    double contribution = 0;
    size_t end = begin;
    for (; end < values.size() && extractor_->FeatureOf(values[end].index) == feature; ++end)
      contribution += double{weights_.weights[values[end].index]} * values[end].value;
    contributions.push_back({extractor_->spec().features[feature].name,
                             extractor_->Describe(request, position, feature), contribution});
    begin = end;
  }
  // The score is a sum of floats in another order: what rounding leaves over goes with the bias.
  double others = 0;
  for (const FeatureContribution& part : contributions) others += part.contribution;
  contributions.push_back({"bias", "", score - others});
  std::stable_sort(contributions.begin(), contributions.end(),
                   [](const FeatureContribution& a, const FeatureContribution& b) {
                     return std::abs(a.contribution) > std::abs(b.contribution);
                   });
  return contributions;
}

}  // namespace shortlist
