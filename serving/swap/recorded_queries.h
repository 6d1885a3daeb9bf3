// The latest requests of this process, kept in memory so that the next bundle can be tried with
// them before it is served (serving/swap/canary.h): every request until there are enough, from then
// on every interval-th. They are never written anywhere. Those of users who asked to be forgotten
// are left out.
//
// Thread-safe, and cheap on the request path: a counter for each request, and a copy of those that
// are kept. While another thread keeps one, a request is let go rather than made to wait.
//
//   RecordedQueries recorded(256, 16);
//   recorded.Offer(query);                              // By each request.
//   const std::vector<Query> latest = recorded.Latest(64);
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "pipeline/query.h"

namespace shortlist {

class RecordedQueries {
 public:
  // Keeps `capacity` requests, at least 1; `interval` is at least 1.
  RecordedQueries(size_t capacity, uint64_t interval) : capacity_(capacity), interval_(interval) {}

  void Offer(const Query& query) {
    if (IsWanted()) Keep(Trimmed(query));
  }
  // Whether this request is to be kept. To be asked once a request, by who has more to do than
  // Keep.
  bool IsWanted() {
    return offered_.fetch_add(1, std::memory_order_relaxed) % interval_ == 0 ||
           kept_.load(std::memory_order_relaxed) < capacity_;
  }
  void Keep(Query query);
  // What of a query says how it is answered by a bundle, without rules, and at most the last 1,000
  // interactions of the history.
  static Query Trimmed(const Query& query);

  // At most `count`, the latest last.
  std::vector<Query> Latest(size_t count) const;
  // How many are kept.
  size_t size() const;

 private:
  const size_t capacity_;
  const uint64_t interval_;
  std::atomic<uint64_t> offered_ = 0;
  std::atomic<size_t> kept_ = 0;  // The size of queries_.
  mutable std::mutex mutex_;      // Guards what follows.
  std::vector<Query> queries_;    // A ring, once it is full.
  size_t next_ = 0;               // Where the oldest is, which goes next.
};

}  // namespace shortlist
