#include "ranking/logistic_ranker.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/array_file.h"
#include "common/background/pace.h"
#include "common/pages/large_pages.h"
#include "common/status_macros.h"
#include "features/growing_catalog.h"

namespace shortlist {
namespace {

void Fatal(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

// The entry of the feature's kind, which is made if it is missing.
template <class Entry>
Entry& EntryOf(std::vector<Entry>& entries, const FeatureSlot& slot) {
  for (Entry& entry : entries)
    if (entry.columns == slot.columns) return entry;
  Entry& entry = entries.emplace_back();
  entry.columns = slot.columns;
  return entry;
}

}  // namespace

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
      weights_(std::make_shared<const LogisticWeights>(std::move(weights))),
      sums_(std::make_shared<const Sums>(SumsOf(*weights_, extractor))) {
  const size_t items = extractor.catalog().item_count();
  auto terms = GrowingArray<ItemTerm>::Make({}, items + kRoomForItems);
  absl::Status status = terms.status();
  if (status.ok()) {
    all_item_terms_ = std::make_shared<GrowingArray<ItemTerm>>(*std::move(terms));
    status = AddItemTerms();
  }
  // Of address space there is enough, and memory is not taken yet.
  if (!status.ok()) Fatal(status);
}

LogisticRanker::Sums LogisticRanker::SumsOf(const LogisticWeights& weights,
                                            const FeatureExtractor& extractor) {
  const AttributeSchema& schema = extractor.catalog().schema();
  Sums sums;
  for (uint32_t code = 0; code < schema.code_count(); ++code)
    sums.field_of.push_back(schema.FieldOf(code));
  sums.missing.assign(schema.fields().size(), 0);
  for (const FeatureSlot& slot : extractor.slots()) {
    const Feature& feature = *slot.feature;
    const float* weight = &weights.weights[slot.first_index];
    const FeatureShape shape = slot.kind->shape;
    const bool transformed = feature.transform != FeatureTransform::kIdentity;
    if (shape == FeatureShape::kItem || shape == FeatureShape::kRequest) continue;
    if (shape == FeatureShape::kCandidate || transformed) {
      sums.one_by_one.push_back(slot.position);
    } else if (shape == FeatureShape::kCategory) {
      Category& category = EntryOf(sums.categories, slot);
      category.logits.resize(slot.kind->categories + 1, 0);
      for (uint32_t value = 0; value < slot.kind->categories; ++value)
        category.logits[value + 1] += weight[value];
    } else if (shape != FeatureShape::kCross) {
      const float slope = *weight / feature.deviation;
      sums.zero_logit -= slope * feature.mean;
      if (shape == FeatureShape::kColumn) {
        EntryOf(sums.columns, slot).slope += slope;
      } else {
        ByCode& by_code = EntryOf(sums.by_code, slot);
        by_code.slopes.resize(sums.field_of.size(), 0);
        for (uint32_t i = 0; i < slot.item->values.size(); ++i)
          by_code.slopes[slot.item->first_code + i] += slope;
        sums.missing[static_cast<size_t>(slot.item - schema.fields().data())] +=
            slope * feature.mean;
      }
    }
  }
  auto by_columns = [](const auto& a, const auto& b) { return a.columns < b.columns; };
  std::sort(sums.columns.begin(), sums.columns.end(), by_columns);
  std::sort(sums.categories.begin(), sums.categories.end(), by_columns);
  return sums;
}

absl::StatusOr<LogisticRanker> LogisticRanker::Grown(const FeatureExtractor& extractor) const {
  LogisticRanker grown = *this;
  grown.extractor_ = &extractor;
  if (all_item_terms_->size() != item_terms_.size()) {  // It has grown into something else.
    ASSIGN_OR_RETURN(GrowingArray<ItemTerm> terms,
                     GrowingArray<ItemTerm>::Make(item_terms_, kRoomForItems));
    grown.all_item_terms_ = std::make_shared<GrowingArray<ItemTerm>>(std::move(terms));
    grown.item_terms_ = grown.all_item_terms_->all();
  }
  RETURN_IF_ERROR(grown.AddItemTerms());
  return grown;
}

absl::Status LogisticRanker::AddItemTerms() {
  const Catalog& catalog = extractor_->catalog();
  const auto first = static_cast<ItemRow>(item_terms_.size());
  ASSIGN_OR_RETURN(const std::span<ItemTerm> terms,
                   all_item_terms_->Extend(catalog.item_count() - first));
  AdviseLargePages(terms.data(), terms.size_bytes());
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < terms.size(); ++i) {
    if (i % Pace::kRows == 0) Pace::Keep();
    const auto item = static_cast<ItemRow>(first + i);
    extractor_->ComputeItem(item, values);
    float logit = 0;
    for (const FeatureValue& value : values) logit += weights_->weights[value.index] * value.value;
    const std::span<const uint32_t> codes = catalog.codes(item);
    for (uint32_t field = 0; field < sums_->missing.size(); ++field)
      if (std::none_of(codes.begin(), codes.end(),
                       [&](uint32_t code) { return sums_->field_of[code] == field; }))
        logit += sums_->missing[field];
    ItemTerm term;
    term.logit = logit;
    term.code_count = static_cast<uint32_t>(codes.size());
    if (codes.size() > term.few.size()) {
      term.many = codes.data();
    } else {
      std::copy(codes.begin(), codes.end(), term.few.begin());
    }
    terms[i] = term;
  }
  item_terms_ = all_item_terms_->all();
  return absl::OkStatus();
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
  // What is on its way from memory: the terms of items, and the codes of those that have many.
  constexpr size_t kTermsAhead = 32, kCodesAhead = 8;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i + kTermsAhead < candidates.size())
      __builtin_prefetch(&item_terms_[candidates[i + kTermsAhead].item]);
    scores[i] = request_logit + item_terms_[candidates[i].item].logit;
  }
  for (const Category& category : sums_->categories) {
    const uint8_t* const values = request.columns[category.columns].categories.data();
    const float* const logits = category.logits.data();
    for (size_t i = 0; i < candidates.size(); ++i) scores[i] += logits[values[i]];
  }
  // All candidates' values at once, by vector instructions.
  for (const Column& column : sums_->columns) {
    const float* const values = request.columns[column.columns].numbers.data();
    const float slope = column.slope;
    for (size_t i = 0; i < candidates.size(); ++i) scores[i] += slope * values[i];
  }
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i + kCodesAhead < candidates.size())
      __builtin_prefetch(item_terms_[candidates[i + kCodesAhead].item].many);
    float score = scores[i];
    // Codes of one field are neighbours.
    const std::span<const uint32_t> codes = item_terms_[candidates[i].item].codes();
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
  if (sums_->one_by_one.empty()) return;
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    values.clear();
    for (size_t feature : sums_->one_by_one) extractor_->AddFeature(request, i, feature, values);
    for (const FeatureValue& value : values)
      scores[i] += weights_->weights[value.index] * value.value;
  }
}

float LogisticRanker::RequestLogit(const FeatureExtractor::Request& request) const {
  std::vector<FeatureValue> values;
  extractor_->ComputeRequest(request, values);
  float logit = weights_->bias + sums_->zero_logit;
  for (const FeatureValue& value : values) logit += weights_->weights[value.index] * value.value;
  return logit;
}

std::vector<LogisticRanker::CodeLogit> LogisticRanker::CodeLogits(
    const FeatureExtractor::Request& request) const {
  std::vector<CodeLogit> logits(sums_->field_of.size());
  for (size_t code = 0; code < logits.size(); ++code) logits[code].field = sums_->field_of[code];
  for (const ByCode& numbers : sums_->by_code) {
    const std::vector<float>& values = request.columns[numbers.columns].by_code;
    for (size_t code = 0; code < logits.size(); ++code)
      logits[code].by_code += numbers.slopes[code] * values[code];
  }
  for (const CrossRow& row : request.cross_rows) {
    CodeLogit* const of_row = logits.data() + row.first_code;
    const FeatureSlot& slot = extractor_->slots()[row.feature];
    if (slot.feature->hash_size != 0) {
      for (uint32_t i = 0; i < row.count; ++i)
        of_row[i].cross += weights_->weights[slot.IndexOfCell(row.first_cell + i)];
      continue;
    }
    const float* const weights = weights_->weights.data() + slot.first_index + row.first_cell;
    for (uint32_t i = 0; i < row.count; ++i) of_row[i].cross += weights[i];
  }
  return logits;
}

float LogisticRanker::Probability(float score) const {
  return 1.0F /
         (1.0F + std::exp(-(weights_->calibration_slope * score + weights_->calibration_offset)));
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
      contribution += double{weights_->weights[values[end].index]} * values[end].value;
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
