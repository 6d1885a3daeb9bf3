// A row of the log: the entries that were committed together, each behind its length as a varint,
// so that a batch is one row. An entry that was removed has no bytes: those behind it keep their
// positions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "shortlist/v1/events.pb.h"
#include "state/sqlite/event_hash.h"
#include "state/state_projection.h"

namespace shortlist {

void AddToBlock(const v1::LogEntry& entry, std::string& block);

// The entries' bytes, which are parts of the block. False when it is damaged.
bool SplitBlock(std::string_view block, std::vector<std::string_view>& entries);

// What folding an entry needs: its event's id, and whose state it changes.
struct FoldableEntry {
  absl::uint128 id = 0;  // 0: it is no event.
  std::string key;       // Empty: it changes no state.
  std::string_view bytes;
};
// The bytes must live as long as what is returned.
FoldableEntry MakeFoldable(const v1::LogEntry& entry, absl::uint128 id, std::string_view bytes,
                           const StateProjection& projection);

}  // namespace shortlist
