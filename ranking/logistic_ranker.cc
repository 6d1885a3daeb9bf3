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
    : extractor_(&extractor), weights_(std::move(weights)) {
  const AttributeSchema& schema = extractor.catalog().schema();
  for (uint32_t code = 0; code < schema.code_count(); ++code)
    field_of_.push_back(schema.FieldOf(code));
  // By field: what a mean over the values of an item without any is taken to be, and counts.
  std::vector<float> missing(schema.fields().size(), 0);
  for (const FeatureSlot& slot : extractor.slots()) {
    const Feature& feature = *slot.feature;
    const float* weight = &weights_.weights[slot.first_index];
    const FeatureShape shape = slot.kind->shape;
    const bool transformed = feature.transform != FeatureTransform::kIdentity;
    if (shape == FeatureShape::kItem || shape == FeatureShape::kRequest) continue;
    if (shape == FeatureShape::kCandidate || transformed) {
      one_by_one_.push_back(slot.position);
    } else if (shape == FeatureShape::kCategory) {
      Category& category = CategoryOf(slot);
      for (uint32_t value = 0; value < slot.kind->categories; ++value)
        category.logits[value + 1] += weight[value];
    } else if (shape != FeatureShape::kCross) {
      const float slope = *weight / feature.deviation;
      zero_logit_ -= slope * feature.mean;
      if (shape == FeatureShape::kColumn) {
        ColumnOf(slot).slope += slope;
      } else {
        ByCode& by_code = ByCodeOf(slot);
        for (uint32_t i = 0; i < slot.item->values.size(); ++i)
          by_code.slopes[slot.item->first_code + i] += slope;
        missing[static_cast<size_t>(slot.item - schema.fields().data())] += slope * feature.mean;
      }
    }
  }
  auto by_columns = [](const auto& a, const auto& b) { return a.columns < b.columns; };
  std::sort(columns_.begin(), columns_.end(), by_columns);
  std::sort(categories_.begin(), categories_.end(), by_columns);
  MakeItemTerms(missing);
}

LogisticRanker::Column& LogisticRanker::ColumnOf(const FeatureSlot& slot) {
  return EntryOf(columns_, slot);
}

LogisticRanker::Category& LogisticRanker::CategoryOf(const FeatureSlot& slot) {
  Category& category = EntryOf(categories_, slot);
  category.logits.resize(slot.kind->categories + 1, 0);
  return category;
}

LogisticRanker::ByCode& LogisticRanker::ByCodeOf(const FeatureSlot& slot) {
  ByCode& by_code = EntryOf(by_code_, slot);
  by_code.slopes.resize(field_of_.size(), 0);
  return by_code;
}

template <class Entry>
Entry& LogisticRanker::EntryOf(std::vector<Entry>& entries, const FeatureSlot& slot) {
  for (Entry& entry : entries)
    if (entry.columns == slot.columns) return entry;
  Entry& entry = entries.emplace_back();
  entry.columns = slot.columns;
  return entry;
}

void LogisticRanker::MakeItemTerms(std::span<const float> missing) {
  const Catalog& catalog = extractor_->catalog();
  std::vector<FeatureValue> values;
  item_terms_.reserve(catalog.item_count());
  for (ItemRow item = 0; item < catalog.item_count(); ++item) {
    extractor_->ComputeItem(item, values);
    float logit = 0;
    for (const FeatureValue& value : values) logit += weights_.weights[value.index] * value.value;
    const std::span<const uint32_t> codes = catalog.codes(item);
    for (uint32_t field = 0; field < missing.size(); ++field)
      if (std::none_of(codes.begin(), codes.end(),
                       [&](uint32_t code) { return field_of_[code] == field; }))
        logit += missing[field];
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
  struct Term {
    const float* values;  // By candidate.
    float slope;
  };
  std::vector<Term> terms;
  terms.reserve(columns_.size());
  for (const Column& column : columns_)
    terms.push_back({request.columns[column.columns].numbers.data(), column.slope});
  // What is on its way from memory: the terms of items, and the codes of those that have many.
  constexpr size_t kTermsAhead = 32, kCodesAhead = 8;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i + kTermsAhead < candidates.size())
      __builtin_prefetch(&item_terms_[candidates[i + kTermsAhead].item]);
    if (i + kCodesAhead < candidates.size())
      __builtin_prefetch(item_terms_[candidates[i + kCodesAhead].item].many);
    const ItemTerm& item = item_terms_[candidates[i].item];
    float score = request_logit + item.logit;
    for (const Category& category : categories_)
      score += category.logits[request.columns[category.columns].categories[i]];
    for (const Term& term : terms) score += term.slope * term.values[i];
    // Codes of one field are neighbours.
    const std::span<const uint32_t> codes = item.codes();
    for (size_t begin = 0; begin < codes.size();) {
      const uint32_t field = code_logits[codes[begin]].field;
      float mean = 0;
      size_t end = begin;
      for (; end < codes.size() && code_logits[codes[end]].field == field; ++end) {
        score += code_logits[codes[end]].cross;
        mean += code_logits[codes[end]].by_code;
      }
      score += end - begin == 1 ? mean : mean / static_cast<float>(end - begin);
      begin = end;
    }
    scores[i] = score;
  }
  if (one_by_one_.empty()) return;
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    values.clear();
    for (size_t feature : one_by_one_) extractor_->AddFeature(request, i, feature, values);
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
  for (size_t code = 0; code < logits.size(); ++code) logits[code].field = field_of_[code];
  for (const ByCode& numbers : by_code_) {
    const std::vector<float>& values = request.columns[numbers.columns].by_code;
    for (size_t code = 0; code < logits.size(); ++code)
      logits[code].by_code += numbers.slopes[code] * values[code];
  }
  for (const CrossRow& row : request.cross_rows) {
    CodeLogit* const of_row = logits.data() + row.first_code;
    const FeatureSlot& slot = extractor_->slots()[row.feature];
    if (slot.feature->hash_size != 0) {
      for (uint32_t i = 0; i < row.count; ++i)
        of_row[i].cross += weights_.weights[slot.IndexOfCell(row.first_cell + i)];
      continue;
    }
    const float* const weights = weights_.weights.data() + slot.first_index + row.first_cell;
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
