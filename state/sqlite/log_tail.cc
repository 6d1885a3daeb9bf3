#include "state/sqlite/log_tail.h"

#include <algorithm>
#include <utility>

#include "common/text/strings.h"

namespace shortlist {

void TailSegment::Add(int64_t first, const std::vector<FoldableEntry>& entries) {
  size_t bytes = 0;
  for (const FoldableEntry& entry : entries) bytes += entry.key.empty() ? 0 : entry.bytes.size();
  std::string& block = blocks_.emplace_back();
  block.reserve(bytes);  // The entries point into it.
  int64_t position = first;
  for (const FoldableEntry& entry : entries) {
    if (entry.id != 0) ids_.insert(entry.id);
    if (!entry.key.empty()) {
      const auto [last, is_new] = last_of_key_.try_emplace(entry.key, -1);
      const size_t begin = block.size();
      block.append(entry.bytes);
      entries_.push_back({.position = position,
                          .bytes = std::string_view(block).substr(begin),
                          .previous = last->second});
      last->second = static_cast<int32_t>(entries_.size() - 1);
    }
    ++position;
  }
  last_ = position - 1;
  size_ += entries.size();
  bytes_ += bytes;
}

void TailSegment::AddChangesOf(std::string_view key, int64_t after,
                               std::vector<Change>& changes) const {
  const auto last = last_of_key_.find(AbslView(key));
  if (last == last_of_key_.end()) return;
  const auto begin = static_cast<std::ptrdiff_t>(changes.size());
  for (int32_t at = last->second; at >= 0; at = entries_[static_cast<size_t>(at)].previous) {
    const Entry& entry = entries_[static_cast<size_t>(at)];
    if (entry.position <= after) break;
    changes.push_back({entry.position, entry.bytes});
  }
  std::reverse(changes.begin() + begin, changes.end());
}

std::vector<absl::uint128> TailSegment::Ids() const {
  std::vector<absl::uint128> ids(ids_.begin(), ids_.end());
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<std::string> TailSegment::Keys() const {
  std::vector<std::string> keys;
  keys.reserve(last_of_key_.size());
  for (const auto& [key, last] : last_of_key_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

int64_t LogTail::end() const {
  std::lock_guard lock(mutex_);
  return end_;
}

int64_t LogTail::folded() const {
  std::lock_guard lock(mutex_);
  return folded_;
}

size_t LogTail::size() const {
  std::lock_guard lock(mutex_);
  size_t size = open_->size();
  for (const auto& segment : sealed_) size += segment->size();
  return size;
}

size_t LogTail::bytes() const {
  std::lock_guard lock(mutex_);
  size_t bytes = open_->bytes();
  for (const auto& segment : sealed_) bytes += segment->bytes();
  return bytes;
}

void LogTail::Add(int64_t first, const std::vector<FoldableEntry>& entries) {
  std::lock_guard lock(mutex_);
  if (first <= end_ || entries.empty()) return;
  open_->Add(first, entries);
  end_ = open_->last();
}

void LogTail::Fold(int64_t position) {
  // Goes when the lock is released: freeing it takes a while.
  std::vector<std::shared_ptr<const TailSegment>> dropped;
  std::lock_guard lock(mutex_);
  if (position <= folded_) return;
  folded_ = position;
  end_ = std::max(end_, position);
  const auto first_kept = std::find_if(sealed_.begin(), sealed_.end(), [&](const auto& segment) {
    return segment->last() > position;
  });
  dropped.assign(sealed_.begin(), first_kept);
  sealed_.erase(sealed_.begin(), first_kept);
  if (open_->size() > 0 && open_->last() <= position)
    dropped.push_back(std::exchange(open_, std::make_shared<TailSegment>()));
}

bool LogTail::HasEvent(absl::uint128 id) const {
  std::lock_guard lock(mutex_);
  return open_->HasEvent(id) ||
         std::any_of(sealed_.begin(), sealed_.end(),
                     [&](const auto& segment) { return segment->HasEvent(id); });
}

bool LogTail::ChangesOf(std::string_view key, int64_t after,
                        std::vector<std::string>& changes) const {
  std::lock_guard lock(mutex_);
  if (after < folded_) return false;
  std::vector<TailSegment::Change> found;
  for (const auto& segment : sealed_) segment->AddChangesOf(key, after, found);
  open_->AddChangesOf(key, after, found);
  for (const TailSegment::Change& change : found) changes.emplace_back(change.bytes);
  return true;
}

std::vector<std::string> LogTail::Keys() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> keys = open_->Keys();
  for (const auto& segment : sealed_) {
    std::vector<std::string> more = segment->Keys();
    keys.insert(keys.end(), more.begin(), more.end());
  }
  return keys;
}

std::vector<std::shared_ptr<const TailSegment>> LogTail::Seal() {
  std::lock_guard lock(mutex_);
  if (open_->size() > 0) {
    sealed_.push_back(open_);
    open_ = std::make_shared<TailSegment>();
  }
  return sealed_;
}

bool AddBlock(int64_t first, std::string_view block, const EventHash& hash,
              const StateProjection& projection, LogTail& tail) {
  std::vector<std::string_view> parts;
  if (!SplitBlock(block, parts)) return false;
  std::vector<FoldableEntry> entries;
  entries.reserve(parts.size());
  v1::LogEntry entry;
  for (const std::string_view part : parts) {
    // One that is damaged changes nothing; who reads the log hears of it.
    if (!entry.ParseFromArray(part.data(), static_cast<int>(part.size()))) entry.Clear();
    const absl::uint128 id = entry.has_event() ? hash.Of(entry.event().event_id()) : 0;
    entries.push_back(MakeFoldable(entry, id, part, projection));
  }
  tail.Add(first, entries);
  return true;
}

}  // namespace shortlist
