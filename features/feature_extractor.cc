#include "features/feature_extractor.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "features/feature_spec_check.h"
#include "features/kinds/feature_kind_table.h"

namespace shortlist {
namespace {

// Weights of all features: more would be a mistake in a spec rather than a model.
constexpr uint64_t kMaxWidth = 100'000'000;
// Values of a feature that is hashed: their numbers have 32 bits.
constexpr uint64_t kMaxCells = uint64_t{1} << 32;

uint64_t CellsOf(const FeatureSlot& slot) {
  if (slot.kind->has_number) return slot.feature->bucket_edges.size() + 1;
  if (slot.kind->categories > 0) return slot.kind->categories;
  uint64_t cells = 1;
  for (const AttributeSchema::Field* field : {slot.item, slot.user, slot.context})
    if (field != nullptr) cells *= field->values.size();
  return cells;
}

// Adds the entry of a number: standardised, or that of its bucket.
void AddNumber(float value, const FeatureSlot& slot, std::vector<FeatureValue>& values) {
  if (std::isnan(value)) return;  // Missing.
  const Feature& spec = *slot.feature;
  if (spec.transform == FeatureTransform::kBuckets) {
    const auto bucket =
        std::upper_bound(spec.bucket_edges.begin(), spec.bucket_edges.end(), value) -
        spec.bucket_edges.begin();
    values.push_back({slot.first_index + static_cast<uint32_t>(bucket), 1});
    return;
  }
  if (spec.transform == FeatureTransform::kLog)
    value = std::copysign(std::log1p(std::abs(value)), value);
  values.push_back({slot.first_index, (value - spec.mean) / spec.deviation});
}

}  // namespace

absl::StatusOr<FeatureExtractor> FeatureExtractor::Create(FeatureSpec spec,
                                                          const FeatureInputs& inputs) {
  RETURN_IF_ERROR(CheckFeatureSpec(spec, inputs.catalog->schema(), *inputs.user_schema,
                                   *inputs.context_schema));
  FeatureExtractor extractor;
  extractor.inputs_ = inputs;
  extractor.spec_ = std::move(spec);
  extractor.slots_.resize(extractor.spec_.features.size());
  for (size_t f = 0; f < extractor.slots_.size(); ++f) {
    const Feature& feature = extractor.spec_.features[f];
    FeatureSlot& slot = extractor.slots_[f];
    slot.feature = &feature;
    slot.kind = FindFeatureKind(feature.kind);
    if (slot.kind->check_inputs != nullptr)
      RETURN_IF_ERROR(slot.kind->check_inputs(feature, inputs));
    slot.position = f;
    slot.first_index = extractor.width_;
    slot.item = inputs.catalog->schema().FindField(feature.item_attribute);
    slot.user = inputs.user_schema->FindField(feature.user_attribute);
    slot.context = inputs.context_schema->FindField(feature.context_attribute);
    slot.cells = CellsOf(slot);
    if (feature.hash_size != 0 && slot.cells > kMaxCells)
      return InvalidFeature(
          feature,
          absl::StrCat("its ", slot.cells, " values are more than can be hashed, ", kMaxCells));
    const uint64_t width = feature.hash_size != 0 ? feature.hash_size : slot.cells;
    if (extractor.width_ + width > kMaxWidth)
      return InvalidFeature(
          feature, absl::StrCat("with its ", width, " weights there are more than ", kMaxWidth,
                                "; give it a hash_size"));
    extractor.width_ += static_cast<uint32_t>(width);
  }
  for (const FeatureKindInfo* info : FeatureKindTable()) {
    Kind kind;
    for (FeatureSlot& slot : extractor.slots_) {
      if (slot.kind != info) continue;
      if (kind.computer == nullptr) kind.computer = info->make(inputs);
      slot.computer = kind.computer.get();
      slot.columns = extractor.kinds_.size();
      kind.slots.push_back(slot);
    }
    if (kind.computer != nullptr) extractor.kinds_.push_back(std::move(kind));
  }
  return extractor;
}

size_t FeatureExtractor::FeatureOf(uint32_t index) const {
  const auto it =
      std::upper_bound(slots_.begin(), slots_.end(), index,
                       [](uint32_t i, const FeatureSlot& slot) { return i < slot.first_index; });
  return static_cast<size_t>(it - slots_.begin()) - 1;
}

double FeatureExtractor::SharedValues(size_t feature) const {
  const FeatureSlot& slot = slots_[feature];
  const uint32_t size = slot.feature->hash_size;
  if (size == 0) return 0;
  std::vector<uint8_t> values(size);  // By weight, up to 2.
  for (uint64_t cell = 0; cell < slot.cells; ++cell) {
    const uint32_t index = slot.IndexOfCell(static_cast<uint32_t>(cell)) - slot.first_index;
    if (values[index] < 2) ++values[index];
  }
  const auto alone = static_cast<double>(std::count(values.begin(), values.end(), 1));
  return 1 - alone / static_cast<double>(slot.cells);
}

FeatureExtractor::Request FeatureExtractor::Begin(const EncodedUser& user,
                                                  const EncodedContext& context,
                                                  std::span<const Candidate> candidates) const {
  Request request;
  request.user = &user;
  request.context = &context;
  request.candidates = candidates;
  request.items.reserve(candidates.size());
  for (const Candidate& candidate : candidates) request.items.push_back(candidate.item);
  request.columns.resize(kinds_.size());
  for (size_t k = 0; k < kinds_.size(); ++k)
    kinds_[k].computer->Begin(kinds_[k].slots, request, request.columns[k]);
  return request;
}

void FeatureExtractor::Compute(const Request& request, size_t position,
                               std::vector<FeatureValue>& values) const {
  values.clear();
  for (const FeatureSlot& slot : slots_)
    AddFeature(slot, request, request.candidates[position], position, values);
}

void FeatureExtractor::ComputeRequest(const Request& request,
                                      std::vector<FeatureValue>& values) const {
  values.clear();
  for (const FeatureSlot& slot : slots_)
    if (slot.kind->shape == FeatureShape::kRequest) AddFeature(slot, request, {}, 0, values);
}

void FeatureExtractor::ComputeItem(ItemRow item, std::vector<FeatureValue>& values) const {
  values.clear();
  static const Request kNoRequest;
  const Candidate candidate{.item = item, .score = 0, .source = SourceId::kTwoTower};
  for (const FeatureSlot& slot : slots_)
    if (slot.kind->shape == FeatureShape::kItem) AddFeature(slot, kNoRequest, candidate, 0, values);
}

void FeatureExtractor::AddFeature(const FeatureSlot& slot, const Request& request,
                                  const Candidate& candidate, size_t position,
                                  std::vector<FeatureValue>& values) const {
  if (slot.kind->has_number) {
    AddNumber(slot.computer->Number(slot, request, candidate, position), slot, values);
  } else {
    slot.computer->AddValues(slot, request, candidate, position, values);
  }
}

std::string FeatureExtractor::Describe(const Request& request, size_t position,
                                       size_t feature) const {
  const FeatureSlot& slot = slots_[feature];
  return slot.computer->Describe(slot, request, request.candidates[position], position);
}

}  // namespace shortlist
