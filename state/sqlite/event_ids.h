// Which events the log has had, of those that are folded into the tables (log_tail.h knows the
// rest): hashes of their ids, sorted, in runs. A fold adds a run, together with runs before it that
// are not much longer, so that there are few; a run is written once and from one end to the other,
// where one sorted table would be changed all over for every batch. Of an id that is new, a filter
// in memory says so.
//
// Belongs to a connection, and to one thread at a time. Changes are made within transactions; after
// one that failed, Refresh.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/sqlite/id_filter.h"
#include "state/sqlite/sqlite_connection.h"

namespace shortlist {

class EventIds {
 public:
  // The connection must outlive it. Knows nothing until Refresh.
  static absl::StatusOr<EventIds> Prepare(SqliteConnection& connection);

  // Takes up what others have changed; reads the ids of runs that are new.
  absl::Status Refresh();
  absl::StatusOr<bool> Contains(absl::uint128 id);
  // `ids` are sorted and of entries up to a position.
  absl::Status Add(std::vector<absl::uint128> ids, int64_t last_position);
  absl::Status Remove(const std::vector<absl::uint128>& ids);
  // Forgets the runs that have no id of an entry behind the position.
  absl::Status RemoveRunsUntil(int64_t position);

  size_t runs() const { return runs_.size(); }
  size_t filter_bytes() const;

 private:
  // Its bucket of an id follows from the id: buckets are rows of about kIdsABucket ids.
  struct Run {
    int64_t last_position;  // Names it: no two runs end at the same one.
    int64_t first_bucket;
    int64_t buckets;
    size_t ids;
    IdFilter filter;
  };

  EventIds() = default;
  absl::StatusOr<std::vector<absl::uint128>> ReadBuckets(int64_t first, int64_t count);
  absl::StatusOr<std::vector<absl::uint128>> ReadBucket(int64_t bucket);
  absl::Status WriteBucket(int64_t bucket, const absl::uint128* ids, size_t count);
  absl::Status RemoveRun(const Run& run);

  SqliteConnection* connection_ = nullptr;
  SqliteStatement select_runs_, select_buckets_, insert_run_, remove_run_, write_bucket_,
      remove_buckets_;
  std::vector<Run> runs_;  // The oldest first.
};

}  // namespace shortlist
