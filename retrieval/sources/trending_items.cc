#include "retrieval/sources/trending_items.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/text/strings.h"

namespace shortlist {
namespace {

// A counter that is as small as it may be, and is not dropped until then, is no more than so old.
constexpr double kMostHalfLives = 2 * TrendingItems::kHalfLivesKept;

}  // namespace

TrendingItems::TrendingItems(absl::Duration half_life)
    : half_life_(half_life), latest_(std::make_shared<const std::vector<std::string>>()) {}

void TrendingItems::Add(std::string_view item_id, int64_t time_ms, float worth) {
  const std::lock_guard lock(mutex_);
  if (HalfLivesOf(time_ms) > kMostHalfLives) BeginAt(time_ms);
  const double counted = worth * std::exp2(HalfLivesOf(time_ms));
  if (counted == 0) return;  // Long ago.
  counters_[AbslView(item_id)] += counted;
  is_changed_ = true;
}

void TrendingItems::Publish() {
  std::vector<std::pair<double, std::string_view>> largest;
  const std::lock_guard lock(mutex_);
  if (!is_changed_) return;
  is_changed_ = false;
  largest.reserve(counters_.size());
  for (const auto& [id, counter] : counters_) largest.emplace_back(-counter, id);
  const auto end = largest.begin() + static_cast<std::ptrdiff_t>(std::min(largest.size(), kMost));
  std::partial_sort(largest.begin(), end, largest.end());
  std::vector<std::string> ids;
  for (auto item = largest.begin(); item != end; ++item) ids.emplace_back(item->second);
  latest_.Set(std::make_shared<const std::vector<std::string>>(std::move(ids)));
}

double TrendingItems::HalfLivesOf(int64_t time_ms) const {
  return absl::FDivDuration(absl::Milliseconds(time_ms - begin_ms_), half_life_);
}

void TrendingItems::BeginAt(int64_t time_ms) {
  const double factor = std::exp2(-HalfLivesOf(time_ms));
  const double least = std::exp2(-kHalfLivesKept);
  for (auto& [id, counter] : counters_) counter *= factor;
  absl::erase_if(counters_, [&](const auto& entry) { return entry.second < least; });
  begin_ms_ = time_ms;
}

}  // namespace shortlist
