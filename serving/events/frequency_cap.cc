#include "serving/events/frequency_cap.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/status_macros.h"
#include "serving/requests/field_checks.h"

namespace shortlist {
namespace {

constexpr int64_t kYear = 31'536'000;

// Whether the last showings are many enough, close enough together, and the last is recent enough.
bool Rests(const FrequencyCap& cap, std::span<const int64_t> times_ms, int64_t now_ms) {
  if (times_ms.size() < cap.showings) return false;
  const int64_t last = times_ms.back();
  const int64_t first = times_ms[times_ms.size() - cap.showings];
  return absl::Milliseconds(last - first) <= cap.within &&
         absl::Milliseconds(now_ms - last) < cap.rest;
}

}  // namespace

absl::StatusOr<FrequencyCap> FrequencyCapOf(const v1::FrequencyCap& message, const FieldPath& path,
                                            bool may_be_off) {
  RETURN_IF_ERROR(
      CheckRange({&path, "showings"}, message.showings(), may_be_off ? 0 : 1, kMaxShowings));
  if (message.showings() == 0) return FrequencyCap();
  RETURN_IF_ERROR(CheckRange({&path, "within_seconds"}, message.within_seconds(), 1, kYear));
  RETURN_IF_ERROR(CheckRange({&path, "rest_seconds"}, message.rest_seconds(), 0, kYear));
  const absl::Duration within = absl::Seconds(message.within_seconds());
  return FrequencyCap{
      .showings = static_cast<size_t>(message.showings()),
      .within = within,
      .rest = message.rest_seconds() == 0 ? within : absl::Seconds(message.rest_seconds())};
}

void AddShowing(std::string_view item_id, int64_t time_ms, std::vector<Showings>& shown) {
  const auto known = std::find_if(shown.begin(), shown.end(),
                                  [&](const Showings& item) { return item.item_id == item_id; });
  if (known == shown.end()) {
    shown.push_back({.item_id = std::string(item_id), .times_ms = {time_ms}});
    return;
  }
  std::vector<int64_t>& times = known->times_ms;
  const auto place = std::lower_bound(times.begin(), times.end(), time_ms);
  if (place == times.end() || *place != time_ms) times.insert(place, time_ms);
}

std::vector<std::string> RestingItems(const FrequencyCap& cap, std::span<const Showings> shown,
                                      std::span<const Interaction> history, int64_t now_ms) {
  std::vector<std::string> resting;
  if (cap.showings == 0 || shown.empty()) return resting;
  absl::flat_hash_map<std::string_view, int64_t> taken_up;  // When last.
  for (const Interaction& interaction : history) {
    int64_t& last = taken_up.try_emplace(interaction.item_id, interaction.time_ms).first->second;
    last = std::max(last, interaction.time_ms);
  }
  for (const Showings& item : shown) {
    std::span<const int64_t> times = item.times_ms;
    if (const auto found = taken_up.find(item.item_id); found != taken_up.end())
      times = times.subspan(static_cast<size_t>(
          std::upper_bound(times.begin(), times.end(), found->second) - times.begin()));
    if (Rests(cap, times, now_ms)) resting.push_back(item.item_id);
  }
  if (resting.size() > kMaxRestingItems)
    resting.erase(resting.begin(), resting.end() - static_cast<std::ptrdiff_t>(kMaxRestingItems));
  return resting;
}

}  // namespace shortlist
