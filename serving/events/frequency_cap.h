// Which items rest, since they were shown to somebody again and again and not taken up.
//
//   const std::vector<std::string> resting = RestingItems(cap, state.shown, state.history, now_ms);
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/field_path.h"
#include "features/user_state.h"
#include "shortlist/v1/common.pb.h"

namespace shortlist {

// Of one answer; more do not rest.
inline constexpr size_t kMaxRestingItems = 5'000;

// An item of which the last `showings` lie within `within` rests until `rest` after the last.
struct FrequencyCap {
  size_t showings = 0;  // 0: no item rests.
  absl::Duration within, rest;

  // For how long showings must be remembered for it.
  absl::Duration Memory() const { return showings == 0 ? absl::ZeroDuration() : within + rest; }
};

// INVALID_ARGUMENT names the field below `path` that is out of range. `showings` may be 0 only
// where `may_be_off`.
absl::StatusOr<FrequencyCap> FrequencyCapOf(const v1::FrequencyCap& message, const FieldPath& path,
                                            bool may_be_off);

// Adds the showing of an item, unless it is there: what is on its way into the state may have got
// there.
void AddShowing(std::string_view item_id, int64_t time_ms, std::vector<Showings>& shown);

// Ids of the items of `shown` that rest at that time, the one that was shown last at the end. A
// showing before something that the user did to the item, as their history has it, does not count.
std::vector<std::string> RestingItems(const FrequencyCap& cap, std::span<const Showings> shown,
                                      std::span<const Interaction> history, int64_t now_ms);

}  // namespace shortlist
