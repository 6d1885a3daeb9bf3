#include "state/sqlite/event_ids.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// 3 KB: with what varies, within a page.
constexpr size_t kIdsABucket = 192;

// A run is merged into the next one while it is not longer than this many times as long.
constexpr size_t kMergeRatio = 2;
// Merging more would hold up appends for too long.
constexpr size_t kMostMergedIds = 4'000'000;

int64_t BucketIn(absl::uint128 id, int64_t buckets) {
  return static_cast<int64_t>(
      absl::Uint128High64(absl::uint128(absl::Uint128High64(id)) * static_cast<uint64_t>(buckets)));
}

}  // namespace

absl::StatusOr<EventIds> EventIds::Prepare(SqliteConnection& connection) {
  EventIds ids;
  ids.connection_ = &connection;
  ASSIGN_OR_RETURN(ids.select_runs_,
                   connection.Prepare("SELECT last_position, first_bucket, buckets, ids "
                                      "FROM id_run ORDER BY last_position"));
  ASSIGN_OR_RETURN(ids.select_buckets_,
                   connection.Prepare("SELECT ids FROM id_bucket WHERE bucket BETWEEN ?1 AND ?2 "
                                      "ORDER BY bucket"));
  ASSIGN_OR_RETURN(ids.insert_run_,
                   connection.Prepare("INSERT INTO id_run (last_position, first_bucket, "
                                      "buckets, ids) VALUES (?1, ?2, ?3, ?4)"));
  ASSIGN_OR_RETURN(ids.remove_run_,
                   connection.Prepare("DELETE FROM id_run WHERE last_position = ?1"));
  ASSIGN_OR_RETURN(
      ids.write_bucket_,
      connection.Prepare("INSERT OR REPLACE INTO id_bucket (bucket, ids) VALUES (?1, ?2)"));
  ASSIGN_OR_RETURN(ids.remove_buckets_,
                   connection.Prepare("DELETE FROM id_bucket WHERE bucket BETWEEN ?1 AND ?2"));
  return ids;
}

absl::Status EventIds::Refresh() {
  std::vector<Run> known = std::move(runs_);
  runs_.clear();
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select_runs_.Step());
    if (!more) break;
    const int64_t last_position = select_runs_.Int(0);
    const auto found = std::find_if(known.begin(), known.end(), [&](const Run& run) {
      return run.last_position == last_position;
    });
    if (found != known.end()) {
      runs_.push_back(std::move(*found));
      continue;
    }
    Run run{.last_position = last_position,
            .first_bucket = select_runs_.Int(1),
            .buckets = select_runs_.Int(2),
            .ids = static_cast<size_t>(select_runs_.Int(3)),
            .filter = IdFilter(static_cast<size_t>(select_runs_.Int(3)))};
    for (int64_t bucket = 0; bucket < run.buckets; ++bucket) {
      ASSIGN_OR_RETURN(const std::vector<absl::uint128> ids, ReadBucket(run.first_bucket + bucket));
      for (const absl::uint128& id : ids) run.filter.Add(id);
    }
    runs_.push_back(std::move(run));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> EventIds::Contains(absl::uint128 id) {
  for (const Run& run : runs_) {
    if (!run.filter.MayContain(id)) continue;
    ASSIGN_OR_RETURN(const std::vector<absl::uint128> ids,
                     ReadBucket(run.first_bucket + BucketIn(id, run.buckets)));
    if (std::binary_search(ids.begin(), ids.end(), id)) return true;
  }
  return false;
}

absl::Status EventIds::Add(std::vector<absl::uint128> ids, int64_t last_position) {
  if (ids.empty()) return absl::OkStatus();
  while (!runs_.empty() && runs_.back().ids <= kMergeRatio * ids.size() &&
         runs_.back().ids + ids.size() <= kMostMergedIds) {
    const Run& last = runs_.back();
    ASSIGN_OR_RETURN(const std::vector<absl::uint128> others,
                     ReadBuckets(last.first_bucket, last.buckets));
    std::vector<absl::uint128> merged;
    merged.reserve(ids.size() + others.size());
    std::set_union(ids.begin(), ids.end(), others.begin(), others.end(),
                   std::back_inserter(merged));
    ids = std::move(merged);
    RETURN_IF_ERROR(RemoveRun(last));
    runs_.pop_back();
  }
  Run run{.last_position = last_position,
          .first_bucket = runs_.empty() ? 1 : runs_.back().first_bucket + runs_.back().buckets,
          .buckets = static_cast<int64_t>(ids.size() / kIdsABucket + 1),
          .ids = ids.size(),
          .filter = IdFilter(ids.size())};
  for (size_t begin = 0; begin < ids.size();) {
    const int64_t bucket = BucketIn(ids[begin], run.buckets);
    size_t end = begin;
    for (; end < ids.size() && BucketIn(ids[end], run.buckets) == bucket; ++end)
      run.filter.Add(ids[end]);
    RETURN_IF_ERROR(WriteBucket(run.first_bucket + bucket, &ids[begin], end - begin));
    begin = end;
  }
  int parameter = 0;
  for (const int64_t value :
       {run.last_position, run.first_bucket, run.buckets, static_cast<int64_t>(run.ids)})
    RETURN_IF_ERROR(insert_run_.BindInt(++parameter, value));
  RETURN_IF_ERROR(insert_run_.Run());
  runs_.push_back(std::move(run));
  return absl::OkStatus();
}

absl::Status EventIds::Remove(const std::vector<absl::uint128>& ids) {
  for (const absl::uint128& id : ids) {
    for (const Run& run : runs_) {
      if (!run.filter.MayContain(id)) continue;
      const int64_t bucket = run.first_bucket + BucketIn(id, run.buckets);
      ASSIGN_OR_RETURN(std::vector<absl::uint128> others, ReadBucket(bucket));
      if (std::erase(others, id) == 0) continue;
      RETURN_IF_ERROR(WriteBucket(bucket, others.data(), others.size()));
    }
  }
  return absl::OkStatus();
}

absl::Status EventIds::RemoveRunsUntil(int64_t position) {
  for (const Run& run : runs_)
    if (run.last_position <= position) RETURN_IF_ERROR(RemoveRun(run));
  std::erase_if(runs_, [&](const Run& run) { return run.last_position <= position; });
  return absl::OkStatus();
}

size_t EventIds::filter_bytes() const {
  size_t bytes = 0;
  for (const Run& run : runs_) bytes += run.filter.bytes();
  return bytes;
}

absl::StatusOr<std::vector<absl::uint128>> EventIds::ReadBucket(int64_t bucket) {
  return ReadBuckets(bucket, 1);
}

absl::StatusOr<std::vector<absl::uint128>> EventIds::ReadBuckets(int64_t first, int64_t count) {
  std::vector<absl::uint128> ids;
  RETURN_IF_ERROR(select_buckets_.BindInt(1, first));
  RETURN_IF_ERROR(select_buckets_.BindInt(2, first + count - 1));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select_buckets_.Step());
    if (!more) return ids;
    const std::string_view bytes = select_buckets_.Bytes(0);
    const size_t before = ids.size();
    ids.resize(before + bytes.size() / sizeof(absl::uint128));
    if (!bytes.empty())
      std::memcpy(ids.data() + before, bytes.data(),
                  bytes.size() - bytes.size() % sizeof(absl::uint128));
  }
}

absl::Status EventIds::WriteBucket(int64_t bucket, const absl::uint128* ids, size_t count) {
  RETURN_IF_ERROR(write_bucket_.BindInt(1, bucket));
  RETURN_IF_ERROR(write_bucket_.BindBlob(
      2, {reinterpret_cast<const char*>(ids), count * sizeof(absl::uint128)}));
  return write_bucket_.Run();
}

absl::Status EventIds::RemoveRun(const Run& run) {
  RETURN_IF_ERROR(remove_run_.BindInt(1, run.last_position));
  RETURN_IF_ERROR(remove_run_.Run());
  RETURN_IF_ERROR(remove_buckets_.BindInt(1, run.first_bucket));
  RETURN_IF_ERROR(remove_buckets_.BindInt(2, run.first_bucket + run.buckets - 1));
  return remove_buckets_.Run();
}

}  // namespace shortlist
