#include "features/feature_extractor.h"

#include <xxhash.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "common/vector_kernels.h"
#include "features/row_map.h"

namespace shortlist {
namespace {

// How far back features look.
constexpr size_t kRecentItems = 5;
// Items whose neighbours or vectors are on their way from memory.
constexpr size_t kNeighboursAhead = 4;
constexpr size_t kRowsAhead = 16;
// How far back co-occurrence looks.
constexpr size_t kCoOccurrenceItems = 50;
// The latest item counts full, the one this many steps before it half.
constexpr float kCoOccurrenceHalfLife = 20;
// So many positions' logarithms are kept.
constexpr size_t kLogRanks = 5'000;
// The history's attribute shares are smoothed with this many average interactions.
constexpr float kAffinityPrior = 10;
// An item's share of liked interactions is smoothed with this many average ones.
constexpr double kLikeRatePrior = 10;
// Weights of all features: more would be a mistake in a spec rather than a model.
constexpr uint64_t kMaxWidth = 100'000'000;
// Values of a feature that is hashed: their numbers have 32 bits.
constexpr uint64_t kMaxCells = uint64_t{1} << 32;

// The codes among `codes` (ascending) that belong to the field.
std::span<const uint32_t> CodesOfField(std::span<const uint32_t> codes,
                                       const AttributeSchema::Field& field) {
  const auto begin = std::lower_bound(codes.begin(), codes.end(), field.first_code);
  const auto end = std::lower_bound(begin, codes.end(), field.first_code + field.values.size());
  return {begin, end};
}

// Begins to load it; line by line.
void Prefetch(std::span<const int8_t> row) {
  for (size_t d = 0; d < row.size(); d += 64) __builtin_prefetch(&row[d]);
}

// "Comedy, Drama"
std::string NamesOf(std::span<const uint32_t> codes, const AttributeSchema::Field& field) {
  std::vector<std::string> names;
  for (uint32_t code : CodesOfField(codes, field))
    names.emplace_back(field.values[code - field.first_code]);
  return absl::StrJoin(names, ", ");
}

}  // namespace

absl::StatusOr<FeatureExtractor> FeatureExtractor::Create(FeatureSpec spec,
                                                          const FeatureInputs& inputs) {
  RETURN_IF_ERROR(CheckFeatureSpec(spec, inputs.catalog->schema(), *inputs.user_schema,
                                   *inputs.context_schema));
  FeatureExtractor extractor;
  extractor.inputs_ = inputs;
  for (const Feature& feature : spec.features) {
    for (const auto& [kind, factors] :
         {std::pair(FeatureKind::kHistoryRegression, inputs.history_regression),
          std::pair(FeatureKind::kNextRegression, inputs.next_regression)})
      if (feature.kind == kind && (factors == nullptr || factors->dim() == 0))
        return InvalidFeature(feature, "the bundle has no factors of this regression");
    if (feature.kind == FeatureKind::kRecentTowerScore && !inputs.user_vector)
      return InvalidFeature(feature, "there is no user tower");
    Slot slot;
    slot.first_index = extractor.width_;
    slot.item = inputs.catalog->schema().FindField(feature.item_attribute);
    slot.user = inputs.user_schema->FindField(feature.user_attribute);
    slot.context = inputs.context_schema->FindField(feature.context_attribute);
    if (feature.kind == FeatureKind::kItemNumber)
      slot.numbers = inputs.catalog->numbers(
          static_cast<uint32_t>(slot.item - inputs.catalog->schema().fields().data()));
    if (HasNumber(feature.kind)) {
      slot.cells = feature.bucket_edges.size() + 1;
    } else if (feature.kind == FeatureKind::kSource) {
      slot.cells = kSourceCount;
    } else {
      for (const AttributeSchema::Field* field : {slot.item, slot.user, slot.context})
        if (field != nullptr) slot.cells *= field->values.size();
    }
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
    extractor.slots_.push_back(slot);
  }

  const Catalog& catalog = *inputs.catalog;
  std::vector<double> code_counts(catalog.schema().code_count(), 0);
  double total = 0;
  for (ItemRow item = 0; item < catalog.item_count(); ++item) {
    const double count = catalog.interaction_counts()[item];
    total += count;
    for (uint32_t code : catalog.codes(item)) code_counts[code] += count;
  }
  for (double count : code_counts)
    extractor.code_share_.push_back(static_cast<float>((count + 1) / (total + 1)));
  for (size_t position = 0; position < kLogRanks; ++position)
    extractor.log_ranks_.push_back(ComputeLogRank(position));
  extractor.spec_ = std::move(spec);
  return extractor;
}

size_t FeatureExtractor::FeatureOf(uint32_t index) const {
  const auto it =
      std::upper_bound(slots_.begin(), slots_.end(), index,
                       [](uint32_t i, const Slot& slot) { return i < slot.first_index; });
  return static_cast<size_t>(it - slots_.begin()) - 1;
}

double FeatureExtractor::SharedValues(size_t feature) const {
  const uint32_t size = spec_.features[feature].hash_size;
  if (size == 0) return 0;
  const uint64_t cells = slots_[feature].cells;
  std::vector<uint8_t> values(size);  // By weight, up to 2.
  for (uint64_t cell = 0; cell < cells; ++cell) {
    const uint32_t index = IndexOfCell(feature, static_cast<uint32_t>(cell)) - first_index(feature);
    if (values[index] < 2) ++values[index];
  }
  const auto alone = static_cast<double>(std::count(values.begin(), values.end(), 1));
  return 1 - alone / static_cast<double>(cells);
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
  const std::vector<HistoryEntry>& history = user.history;
  for (size_t age = 0; age < std::min(history.size(), kRecentItems); ++age)
    request.recent.push_back(history[history.size() - 1 - age].item);
  if (Has(FeatureKind::kHistoryAffinity)) ComputeAffinity(request);
  FindCrossRows(request);
  if (Has(FeatureKind::kCoOccurrence)) ComputeCoOccurrence(request);
  if (Has(FeatureKind::kRecentTowerScore)) ComputeRecentTowerScore(request);
  if (Has(FeatureKind::kHistoryRegression))
    request.history_regression = Regress(request, *inputs_.history_regression);
  if (Has(FeatureKind::kNextRegression))
    request.next_regression = Regress(request, *inputs_.next_regression);
  return request;
}

bool FeatureExtractor::Has(FeatureKind kind) const {
  return std::any_of(spec_.features.begin(), spec_.features.end(),
                     [&](const Feature& feature) { return feature.kind == kind; });
}

void FeatureExtractor::ComputeAffinity(Request& request) const {
  const std::vector<HistoryEntry>& history = request.user->history;
  request.affinity.assign(code_share_.size(), 0);
  for (const HistoryEntry& entry : history)
    for (uint32_t code : inputs_.catalog->codes(entry.item)) request.affinity[code] += 1;
  const auto length = static_cast<float>(history.size());
  const float of_none = std::log(kAffinityPrior / (length + kAffinityPrior));
  for (size_t code = 0; code < code_share_.size(); ++code) {
    float& affinity = request.affinity[code];
    const float share = code_share_[code];
    affinity =
        affinity == 0
            ? of_none
            : std::log((affinity + kAffinityPrior * share) / ((length + kAffinityPrior) * share));
  }
}

void FeatureExtractor::FindCrossRows(Request& request) const {
  for (size_t f = 0; f < slots_.size(); ++f) {
    const FeatureKind kind = spec_.features[f].kind;
    if (kind != FeatureKind::kUserXItem && kind != FeatureKind::kContextXItem) continue;
    const bool by_user = kind == FeatureKind::kUserXItem;
    const AttributeSchema::Field& item = *slots_[f].item;
    const AttributeSchema::Field& other = by_user ? *slots_[f].user : *slots_[f].context;
    const std::vector<uint32_t>& codes =
        by_user ? request.user->attribute_codes : request.context->attribute_codes;
    for (uint32_t code : CodesOfField(codes, other))
      request.cross_rows.push_back({.feature = f,
                                    .first_cell = (code - other.first_code) * item.values.size(),
                                    .first_code = item.first_code,
                                    .count = item.values.size()});
  }
}

// Goes through the neighbours of the history and picks those that are candidates: there are far
// fewer candidates than neighbours.
void FeatureExtractor::ComputeCoOccurrence(Request& request) const {
  // Roomier than need be: most neighbours are no candidates, which an empty slot says at once.
  RowMap<float> sums(2 * request.items.size());
  for (ItemRow item : request.items) sums[item] = 0;
  const std::vector<HistoryEntry>& history = request.user->history;
  const size_t width = inputs_.neighbours;
  const size_t length = std::min(history.size(), kCoOccurrenceItems);
  auto row_of = [&](size_t age) { return history[history.size() - 1 - age].item * width; };
  for (size_t age = 0; age < length; ++age) {
    const ItemRow* next =
        &inputs_.neighbour_items[row_of(std::min(age + kNeighboursAhead, length - 1))];
    for (size_t n = 0; n < width; n += 16) __builtin_prefetch(next + n);
    const float weight = std::exp2(-static_cast<float>(age) / kCoOccurrenceHalfLife);
    for (size_t entry = row_of(age); entry < row_of(age) + width; ++entry) {
      const ItemRow item = inputs_.neighbour_items[entry];
      if (item == kNoItem) break;
      if (float* sum = sums.Find(item)) *sum += weight * inputs_.neighbour_scores[entry];
    }
  }
  request.co_occurrence.reserve(request.items.size());
  for (ItemRow item : request.items) request.co_occurrence.push_back(*sums.Find(item));
}

void FeatureExtractor::ComputeRecentTowerScore(Request& request) const {
  const EncodedUser& user = *request.user;
  const size_t length = std::min(user.history.size(), kRecentItems);
  const EncodedUser of_late{
      .user = user.user,
      .attribute_codes = user.attribute_codes,
      .history = {user.history.end() - static_cast<ptrdiff_t>(length), user.history.end()}};
  const std::vector<float> vector = inputs_.user_vector(of_late, *request.context);
  request.recent_tower_score.resize(request.items.size());
  DotProducts(vector.data(), inputs_.item_embeddings.data(), request.items.data(),
              request.items.size(), inputs_.dim, request.recent_tower_score.data());
}

std::vector<float> FeatureExtractor::Regress(const Request& request,
                                             const ItemFactors& factors) const {
  const std::vector<HistoryEntry>& history = request.user->history;
  const std::span<const float> weights = factors.weights();
  const size_t length = std::min(history.size(), weights.size());
  auto item_of = [&](size_t age) { return history[history.size() - 1 - age].item; };
  std::vector<float> query = factors.Query();
  for (size_t age = 0; age < length; ++age) {
    Prefetch(factors.from(item_of(std::min(age + kRowsAhead, length - 1))));
    factors.AddFrom(item_of(age), weights[age], query);
  }
  std::vector<float> values = factors.Products(query, request.items);
  const float largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  Scale(largest > 0 ? 1 / largest : 0, values.data(), values.size());
  return values;
}

void FeatureExtractor::Compute(const Request& request, size_t position,
                               std::vector<FeatureValue>& values) const {
  values.clear();
  const Candidate& candidate = request.candidates[position];
  auto cross = request.cross_rows.begin();
  for (size_t f = 0; f < slots_.size(); ++f) {
    const FeatureKind kind = spec_.features[f].kind;
    if (IsOfItemAlone(kind)) {
      AddItemFeature(candidate.item, f, values);
    } else if (HasNumber(kind)) {
      AddNumeric(request, position, f, values);
    } else if (IsOfRequestAlone(kind)) {
      AddAttribute(request, f, values);
    } else if (kind == FeatureKind::kSource) {
      const auto source = static_cast<uint32_t>(candidate.source);
      if (source <= kSourceCount) values.push_back({slots_[f].first_index + source - 1, 1});
    } else {
      for (; cross != request.cross_rows.end() && cross->feature == f; ++cross)
        for (uint32_t code : ItemCodes(candidate.item, *slots_[f].item))
          values.push_back({IndexOfCell(f, cross->first_cell + code - cross->first_code), 1});
    }
  }
}

void FeatureExtractor::ComputeRequest(const Request& request,
                                      std::vector<FeatureValue>& values) const {
  values.clear();
  for (size_t f = 0; f < slots_.size(); ++f) {
    const FeatureKind kind = spec_.features[f].kind;
    if (!IsOfRequestAlone(kind)) continue;
    if (HasNumber(kind)) {
      AddNumeric(request, 0, f, values);
    } else {
      AddAttribute(request, f, values);
    }
  }
}

void FeatureExtractor::AddNumeric(const Request& request, size_t position, size_t feature,
                                  std::vector<FeatureValue>& values) const {
  AddNumber(NumericValue(request, position, feature), feature, values);
}

void FeatureExtractor::AddAttribute(const Request& request, size_t feature,
                                    std::vector<FeatureValue>& values) const {
  const bool of_user = spec_.features[feature].kind == FeatureKind::kUserAttribute;
  const AttributeSchema::Field& field = of_user ? *slots_[feature].user : *slots_[feature].context;
  const std::vector<uint32_t>& codes =
      of_user ? request.user->attribute_codes : request.context->attribute_codes;
  for (uint32_t code : CodesOfField(codes, field))
    values.push_back({IndexOfCell(feature, code - field.first_code), 1});
}

uint32_t FeatureExtractor::IndexOfCell(size_t feature, uint32_t cell) const {
  const uint32_t size = spec_.features[feature].hash_size;
  if (size != 0) cell = static_cast<uint32_t>(XXH3_64bits(&cell, sizeof cell) % size);
  return slots_[feature].first_index + cell;
}

void FeatureExtractor::ComputeItem(ItemRow item, std::vector<FeatureValue>& values) const {
  values.clear();
  for (size_t f = 0; f < slots_.size(); ++f)
    if (IsOfItemAlone(spec_.features[f].kind)) AddItemFeature(item, f, values);
}

void FeatureExtractor::AddItemFeature(ItemRow item, size_t feature,
                                      std::vector<FeatureValue>& values) const {
  const Slot& slot = slots_[feature];
  if (spec_.features[feature].kind == FeatureKind::kLogPopularity)
    return AddNumber(LogPopularity(item), feature, values);
  if (spec_.features[feature].kind == FeatureKind::kLikeRate)
    return AddNumber(LikeRate(item), feature, values);
  if (spec_.features[feature].kind == FeatureKind::kItemNumber)
    return AddNumber(slot.numbers[item], feature, values);
  for (uint32_t code : ItemCodes(item, *slot.item))
    values.push_back({IndexOfCell(feature, code - slot.item->first_code), 1});
}

void FeatureExtractor::AddNumber(float value, size_t feature,
                                 std::vector<FeatureValue>& values) const {
  if (std::isnan(value)) return;  // Missing.
  const Feature& spec = spec_.features[feature];
  const uint32_t first_index = slots_[feature].first_index;
  if (spec.transform == FeatureTransform::kBuckets) {
    const auto bucket =
        std::upper_bound(spec.bucket_edges.begin(), spec.bucket_edges.end(), value) -
        spec.bucket_edges.begin();
    values.push_back({first_index + static_cast<uint32_t>(bucket), 1});
    return;
  }
  if (spec.transform == FeatureTransform::kLog)
    value = std::copysign(std::log1p(std::abs(value)), value);
  values.push_back({first_index, (value - spec.mean) / spec.deviation});
}

float FeatureExtractor::NumericValue(const Request& request, size_t position,
                                     size_t feature) const {
  switch (spec_.features[feature].kind) {
    case FeatureKind::kTowerScore:
      return request.candidates[position].score;
    case FeatureKind::kLogRank:
      return LogRank(position);
    case FeatureKind::kLogHistoryLength:
      return std::log1p(static_cast<float>(request.user->history.size()));
    case FeatureKind::kHistoryAffinity: {
      const auto codes = ItemCodes(request.candidates[position].item, *slots_[feature].item);
      float sum = 0;
      for (uint32_t code : codes) sum += request.affinity[code];
      return sum / static_cast<float>(codes.size());  // Of no value: NaN, missing.
    }
    case FeatureKind::kCoOccurrence:
      return request.co_occurrence[position];
    case FeatureKind::kRecentTowerScore:
      return request.recent_tower_score[position];
    case FeatureKind::kHistoryRegression:
      return request.history_regression[position];
    case FeatureKind::kNextRegression:
      return request.next_regression[position];
    default:
      return 0;
  }
}

std::string FeatureExtractor::Describe(const Request& request, size_t position,
                                       size_t feature) const {
  const Candidate& candidate = request.candidates[position];
  const Feature& spec = spec_.features[feature];
  const Slot& slot = slots_[feature];
  switch (spec.kind) {
    case FeatureKind::kCoOccurrence: {
      const ItemRow item = MostCoOccurring(request, candidate.item);
      return item == kNoItem ? "none" : ItemName(item);
    }
    case FeatureKind::kRecentTowerScore: {
      const ItemRow item = MostSimilarRecent(request, candidate.item);
      return item == kNoItem ? "none" : ItemName(item);
    }
    case FeatureKind::kHistoryRegression:
    case FeatureKind::kNextRegression: {
      const ItemFactors& factors = spec.kind == FeatureKind::kHistoryRegression
                                       ? *inputs_.history_regression
                                       : *inputs_.next_regression;
      const ItemRow item = StrongestRegressor(request, factors, candidate.item);
      return item == kNoItem ? "none" : ItemName(item);
    }
    case FeatureKind::kLogPopularity:
      return absl::StrCat(inputs_.statistics->counts[candidate.item], " interactions");
    case FeatureKind::kLikeRate:
      return absl::StrCat(inputs_.statistics->liked[candidate.item], " of ",
                          inputs_.statistics->counts[candidate.item], " liked");
    case FeatureKind::kLogHistoryLength:
      return absl::StrCat(request.user->history.size(), " interactions");
    case FeatureKind::kSource:
      return candidate.source == SourceId::kTwoTower          ? "two towers"
             : candidate.source == SourceId::kSimilarToRecent ? "similar to recent"
             : candidate.source == SourceId::kPopular         ? "popular"
                                                              : "pinned";
    case FeatureKind::kHistoryAffinity:
    case FeatureKind::kItemAttribute:
      return NamesOf(inputs_.catalog->codes(candidate.item), *slot.item);
    case FeatureKind::kUserXItem:
    case FeatureKind::kContextXItem: {
      const AttributeSchema::Field& other =
          spec.kind == FeatureKind::kUserXItem ? *slot.user : *slot.context;
      std::vector<std::string> names;
      for (const CrossRow& row : request.cross_rows) {
        if (row.feature != feature) continue;
        const uint32_t value = row.first_cell / slot.item->values.size();
        for (uint32_t code : ItemCodes(candidate.item, *slot.item))
          names.push_back(absl::StrCat(AbslView(other.values[value]), " x ",
                                       AbslView(slot.item->values[code - slot.item->first_code])));
      }
      return absl::StrJoin(names, ", ");
    }
    case FeatureKind::kUserAttribute:
      return NamesOf(request.user->attribute_codes, *slot.user);
    case FeatureKind::kContextAttribute:
      return NamesOf(request.context->attribute_codes, *slot.context);
    case FeatureKind::kItemNumber:
      return std::isnan(slot.numbers[candidate.item])
                 ? "none"
                 : absl::StrFormat("%g", slot.numbers[candidate.item]);
    case FeatureKind::kTowerScore:
    case FeatureKind::kLogRank:
      break;
  }
  return absl::StrFormat("%.2f", NumericValue(request, position, feature));
}

float FeatureExtractor::ComputeLogRank(size_t position) {
  return std::log1p(static_cast<float>(position));
}

float FeatureExtractor::LogPopularity(ItemRow item) const {
  const double average = static_cast<double>(inputs_.statistics->total) /
                         static_cast<double>(inputs_.statistics->counts.size());
  return static_cast<float>(std::log((inputs_.statistics->counts[item] + 1.0) / (average + 1.0)));
}

float FeatureExtractor::LikeRate(ItemRow item) const {
  const ItemStatistics& known = *inputs_.statistics;
  const double of_all =
      known.total == 0 ? 0
                       : static_cast<double>(known.total_liked) / static_cast<double>(known.total);
  return static_cast<float>((known.liked[item] + kLikeRatePrior * of_all) /
                            (known.counts[item] + kLikeRatePrior));
}

std::span<const uint32_t> FeatureExtractor::ItemCodes(ItemRow item,
                                                      const AttributeSchema::Field& field) const {
  return CodesOfField(inputs_.catalog->codes(item), field);
}

std::span<const float> FeatureExtractor::Embedding(ItemRow item) const {
  return inputs_.item_embeddings.subspan(item * inputs_.dim, inputs_.dim);
}

ItemRow FeatureExtractor::MostSimilarRecent(const Request& request, ItemRow item) const {
  ItemRow best = kNoItem;
  float best_score = -2;
  for (ItemRow recent : request.recent) {
    const float score = DotProduct(Embedding(recent).data(), Embedding(item).data(), inputs_.dim);
    if (score > best_score) {
      best_score = score;
      best = recent;
    }
  }
  return best;
}

ItemRow FeatureExtractor::MostCoOccurring(const Request& request, ItemRow item) const {
  const std::vector<HistoryEntry>& history = request.user->history;
  ItemRow best = kNoItem;
  float best_score = 0;
  for (size_t age = 0; age < std::min(history.size(), kCoOccurrenceItems); ++age) {
    const ItemRow recent = history[history.size() - 1 - age].item;
    for (size_t n = 0; n < inputs_.neighbours; ++n) {
      const size_t entry = recent * inputs_.neighbours + n;
      if (inputs_.neighbour_items[entry] == item && inputs_.neighbour_scores[entry] > best_score) {
        best_score = inputs_.neighbour_scores[entry];
        best = recent;
      }
    }
  }
  return best;
}

ItemRow FeatureExtractor::StrongestRegressor(const Request& request, const ItemFactors& factors,
                                             ItemRow item) const {
  const std::vector<HistoryEntry>& history = request.user->history;
  std::vector<ItemRow> items;  // Latest first.
  for (size_t age = 0; age < std::min(history.size(), factors.weights().size()); ++age)
    items.push_back(history[history.size() - 1 - age].item);
  const std::vector<float> products = factors.Products(items, item);
  ItemRow best = kNoItem;
  float best_score = 0;
  for (size_t age = 0; age < items.size(); ++age) {
    const float score = factors.weights()[age] * products[age];
    if (score > best_score) {
      best_score = score;
      best = items[age];
    }
  }
  return best;
}

std::string FeatureExtractor::ItemName(ItemRow item) const {
  const std::string_view title = inputs_.catalog->title(item);
  return std::string(title.empty() ? inputs_.catalog->id(item) : title);
}

}  // namespace shortlist
