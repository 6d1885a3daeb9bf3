// The end of the log in memory: the entries that are not folded into the tables yet, with the ids
// and states that they touch. So an append writes the log alone, at its end, and what is all over
// the file is changed later, once for many. Every process that has the file open keeps its own and
// takes up from the file what others append.
//
// LogTail is thread-safe; a segment is written by none once it is sealed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "state/sqlite/log_block.h"

namespace shortlist {

// Entries one after the other.
class TailSegment {
 public:
  // The entries' positions follow one another from `first`, which is behind the last one's.
  void Add(int64_t first, const std::vector<FoldableEntry>& entries);

  // An entry that changes a state, as bytes of a shortlist.v1.LogEntry.
  struct Change {
    int64_t position;
    std::string_view bytes;
  };
  // Adds those of a key behind a position, in order.
  void AddChangesOf(std::string_view key, int64_t after, std::vector<Change>& changes) const;

  bool HasEvent(absl::uint128 id) const { return ids_.contains(id); }
  // Ascending.
  std::vector<absl::uint128> Ids() const;
  std::vector<std::string> Keys() const;
  int64_t last() const { return last_; }
  // Entries.
  size_t size() const { return size_; }
  // Of the entries that change states.
  size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    int64_t position;
    std::string_view bytes;
    int32_t previous;  // Of the same key; -1: none.
  };
  int64_t last_ = 0;
  size_t size_ = 0, bytes_ = 0;
  std::deque<std::string> blocks_;
  std::vector<Entry> entries_;
  absl::flat_hash_map<std::string, int32_t> last_of_key_;
  absl::flat_hash_set<absl::uint128> ids_;
};

class LogTail {
 public:
  // Positions of the last entry that it has heard of and of the last that is known to be folded.
  int64_t end() const;
  int64_t folded() const;
  // Entries that are not folded, and the bytes of those that change states.
  size_t size() const;
  size_t bytes() const;

  // A block that the log has. Does nothing with one that is known or folded.
  void Add(int64_t first, const std::vector<FoldableEntry>& entries);
  // What is until there is in the tables, and need be held no longer.
  void Fold(int64_t position);
  bool HasEvent(absl::uint128 id) const;
  // The entries behind `after` that change the state of the key, as bytes. False when some of them
  // are held no longer, as they have been folded since.
  bool ChangesOf(std::string_view key, int64_t after, std::vector<std::string>& changes) const;
  std::vector<std::string> Keys() const;

  // All segments, the oldest first, sealed: what comes from now on goes to another one.
  std::vector<std::shared_ptr<const TailSegment>> Seal();

 private:
  mutable std::mutex mutex_;
  // All that follows is guarded by it.
  int64_t end_ = 0, folded_ = 0;
  std::vector<std::shared_ptr<const TailSegment>> sealed_;
  std::shared_ptr<TailSegment> open_ = std::make_shared<TailSegment>();
};

// Adds a row of the log that was read from the file. False when it is damaged.
bool AddBlock(int64_t first, std::string_view block, const EventHash& hash,
              const StateProjection& projection, LogTail& tail);

}  // namespace shortlist
