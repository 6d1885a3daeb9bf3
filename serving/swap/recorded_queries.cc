#include "serving/swap/recorded_queries.h"

#include <algorithm>
#include <utility>

namespace shortlist {
namespace {

constexpr size_t kMostHistory = 1'000;

}  // namespace

Query RecordedQueries::Trimmed(const Query& query) {
  const UserState& user = query.user;
  Query trimmed{.context = query.context,
                .count = query.count,
                .candidate_count = query.candidate_count,
                .filter = query.filter,
                .candidate_item_ids = query.candidate_item_ids,
                .excluded_item_ids = query.excluded_item_ids,
                .include_seen = query.include_seen};
  trimmed.user.user_id = user.user_id;
  trimmed.user.attributes = user.attributes;
  trimmed.user.history.assign(
      user.history.end() - static_cast<ptrdiff_t>(std::min(user.history.size(), kMostHistory)),
      user.history.end());
  trimmed.user.refused = user.refused;
  trimmed.user.is_forgotten = user.is_forgotten;
  return trimmed;
}

void RecordedQueries::Keep(Query query) {
  if (query.user.is_forgotten) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  if (queries_.size() < capacity_) {
    queries_.push_back(std::move(query));
    kept_.store(queries_.size(), std::memory_order_relaxed);
  } else {
    queries_[next_] = std::move(query);
    next_ = (next_ + 1) % capacity_;
  }
}

std::vector<Query> RecordedQueries::Latest(size_t count) const {
  const std::lock_guard lock(mutex_);
  count = std::min(count, queries_.size());
  std::vector<Query> latest;
  latest.reserve(count);
  for (size_t i = queries_.size() - count; i < queries_.size(); ++i)
    latest.push_back(queries_[(next_ + i) % queries_.size()]);
  return latest;
}

size_t RecordedQueries::size() const { return kept_.load(std::memory_order_relaxed); }

}  // namespace shortlist
