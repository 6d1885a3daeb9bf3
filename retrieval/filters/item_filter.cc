#include "retrieval/filters/item_filter.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/background/pace.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"
#include "retrieval/filters/attribute_segment.h"

namespace shortlist {

void ItemFilter::Exclude(std::span<const ItemRow> rows) {
  excluded_.addMany(rows.size(), rows.data());
}

uint32_t ItemFilter::PassingCount(uint32_t item_count) const {
  uint32_t count = PassingOrHiddenCount(item_count);
  if (hidden_ == nullptr) return count;
  hidden_->ForEach([&](uint32_t row) { count -= row < item_count && PassesUnlessHidden(row); });
  return count;
}

uint32_t ItemFilter::PassingOrHiddenCount(uint32_t item_count) const {
  if (item_count == 0) return 0;
  if (!allowed_) return item_count - static_cast<uint32_t>(excluded_.rank(item_count - 1));
  uint64_t count = 0;
  if (order_ == nullptr) {
    count = allowed_->rank(item_count - 1);
  } else if (order_->rows.size() <= item_count) {
    count = allowed_->cardinality();
  } else {
    for (uint32_t member : *allowed_) count += RowOf(member) < item_count;
  }
  for (ItemRow row : added_) count += row < item_count && !InAllowed(row);
  for (ItemRow row : excluded_)
    count -= row < item_count && (InAllowed(row) || added_.contains(row));
  return static_cast<uint32_t>(count);
}

AttributeIndex::AttributeIndex(const Catalog& catalog, const ItemOrder* order)
    : catalog_(catalog), order_(order) {
  std::vector<Roaring> items_by_code(catalog.schema().code_count());
  const auto& fields = catalog.schema().fields();
  auto row_of = [order](uint32_t member) { return order ? order->rows[member] : member; };
  for (uint32_t member = 0; member < catalog.trained_count(); ++member) {
    if (member % Pace::kRows == 0) Pace::Keep();
    for (uint32_t code : catalog.codes(row_of(member))) items_by_code[code].add(member);
  }
  // The buckets of numbers are made from the numbers themselves: a range looks at the exact numbers
  // of the first and the last bucket only, so that bucket and number must agree.
  for (uint32_t f = 0; f < fields.size(); ++f) {
    if (fields[f].type != AttributeType::kNumber) continue;
    for (uint32_t v = 0; v < fields[f].values.size(); ++v)
      items_by_code[fields[f].first_code + v] = Roaring();
    std::span<const double> numbers = catalog.numbers(f);
    for (uint32_t member = 0; member < catalog.trained_count(); ++member) {
      if (member % Pace::kRows == 0) Pace::Keep();
      if (auto code = catalog.schema().EncodeNumber(fields[f], numbers[row_of(member)]))
        items_by_code[*code].add(member);
    }
  }
  for (Roaring& items : items_by_code) {
    items.runOptimize();
    items.shrinkToFit();
  }
  members_by_code_ = std::make_shared<const std::vector<Roaring>>(std::move(items_by_code));
  AddSegment();
}

AttributeIndex::AttributeIndex(const AttributeIndex& before, const Catalog& catalog,
                               const ItemOrder* order)
    : catalog_(catalog),
      order_(order),
      members_by_code_(before.members_by_code_),
      segments_(before.segments_) {
  AddSegment();
}

void AttributeIndex::AddSegment() {
  ItemRow begin = segments_.empty() ? catalog_.trained_count() : segments_.back()->end();
  const ItemRow end = catalog_.item_count();
  if (begin == end) return;
  for (; !segments_.empty() && begin - segments_.back()->begin() < end - begin;
       segments_.pop_back())
    begin = segments_.back()->begin();
  segments_.push_back(std::make_shared<const AttributeSegment>(catalog_, begin, end));
}

absl::StatusOr<ItemFilter> AttributeIndex::Compile(const FilterConditions& conditions,
                                                   const FieldPath& path) const {
  if (conditions.empty()) {
    ItemFilter all;
    all.Hide(catalog_.hidden());
    return all;
  }
  auto match = [&](const std::vector<FilterCondition>& list, std::string_view name, size_t i) {
    return Match(list[i], {&path, name, static_cast<int>(i)});
  };
  std::shared_ptr<const Roaring> allowed;
  auto restrict_to = [&](std::shared_ptr<const Roaring> matches) {
    allowed = allowed ? std::make_shared<const Roaring>(*allowed & *matches) : std::move(matches);
  };
  for (size_t i = 0; i < conditions.all_of.size(); ++i) {
    ASSIGN_OR_RETURN(std::shared_ptr<const Roaring> matches, match(conditions.all_of, "all_of", i));
    restrict_to(std::move(matches));
  }
  if (!conditions.any_of.empty()) {
    auto any = std::make_shared<Roaring>();
    for (size_t i = 0; i < conditions.any_of.size(); ++i) {
      ASSIGN_OR_RETURN(const std::shared_ptr<const Roaring> matches,
                       match(conditions.any_of, "any_of", i));
      *any |= *matches;
    }
    restrict_to(std::move(any));
  }
  if (!conditions.none_of.empty()) {
    auto rest = std::make_shared<Roaring>();
    if (allowed) {
      *rest = *allowed;
    } else {
      rest->addRange(0, catalog_.trained_count());
    }
    for (size_t i = 0; i < conditions.none_of.size(); ++i) {
      ASSIGN_OR_RETURN(const std::shared_ptr<const Roaring> matches,
                       match(conditions.none_of, "none_of", i));
      *rest -= *matches;
    }
    allowed = std::move(rest);
  }
  ItemFilter filter(std::move(allowed), order_);
  for (const auto& segment : segments_)
    filter.Allow(segment->Matching(conditions, catalog_.schema()));
  filter.Hide(catalog_.hidden());
  return filter;
}

absl::StatusOr<std::shared_ptr<const Roaring>> AttributeIndex::Match(
    const FilterCondition& condition, const FieldPath& path) const {
  const AttributeSchema& schema = catalog_.schema();
  const AttributeSchema::Field* field = schema.FindField(condition.attribute);
  if (field == nullptr)
    return Invalid({&path, "attribute"},
                   absl::StrCat("unknown item attribute \"", condition.attribute,
                                "\"; the catalog has: ", schema.FieldNames()));
  if (condition.range) {
    if (field->type != AttributeType::kNumber)
      return Invalid({&path, "range"}, absl::StrCat("item attribute \"", field->name,
                                                    "\" is not numeric and has no ranges"));
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return std::make_shared<const Roaring>(MatchRange(*field,
                                                      condition.range->min.value_or(-kInfinity),
                                                      condition.range->max.value_or(kInfinity)));
  }
  if (condition.any_value.size() == 1 && field->type != AttributeType::kNumber) {
    if (auto code = schema.Encode(*field, condition.any_value[0]))
      return {{std::shared_ptr<void>(), &(*members_by_code_)[*code]}};
  }
  auto matches = std::make_shared<Roaring>();
  for (const std::string& value : condition.any_value) {
    if (field->type == AttributeType::kNumber) {
      if (auto number = ParseDecimal(value)) *matches |= MatchRange(*field, *number, *number);
    } else if (auto code = schema.Encode(*field, value)) {
      *matches |= (*members_by_code_)[*code];
    }
  }
  return matches;
}

Roaring AttributeIndex::MatchRange(const AttributeSchema::Field& field, double min,
                                   double max) const {
  Roaring matches;
  if (field.values.size() == 0 || !(min <= max)) return matches;
  auto bucket_of = [&](double number) {
    return static_cast<uint32_t>(
        std::upper_bound(field.bucket_edges.begin(), field.bucket_edges.end(), number) -
        field.bucket_edges.begin());
  };
  auto position = static_cast<uint32_t>(&field - catalog_.schema().fields().data());
  std::span<const double> numbers = catalog_.numbers(position);
  uint32_t first = bucket_of(min), last = bucket_of(max);
  for (uint32_t bucket = first; bucket <= last; ++bucket) {
    const Roaring& items = (*members_by_code_)[field.first_code + bucket];
    if (first < bucket && bucket < last) {
      matches |= items;
      continue;
    }
    for (uint32_t member : items) {
      const double number = numbers[order_ ? order_->rows[member] : member];
      if (min <= number && number <= max) matches.add(member);
    }
  }
  return matches;
}

}  // namespace shortlist
