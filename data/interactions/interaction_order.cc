#include "data/interactions/interaction_order.h"

#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace shortlist {
namespace {

std::vector<uint64_t> HashesOf(const Interner& ids) {
  std::vector<uint64_t> hashes(ids.size());
  for (uint32_t i = 0; i < hashes.size(); ++i)
    hashes[i] = XXH3_64bits(ids[i].data(), ids[i].size());
  return hashes;
}

uint64_t Mixed(uint64_t user, uint64_t item) {
  return XXH3_64bits_withSeed(&item, sizeof item, user);
}

// Compares rows of a user that are of the same part.
class Earlier {
 public:
  Earlier(const InteractionTable& table, const Interner& users, const Interner& items)
      : table_(table), user_hashes_(HashesOf(users)), item_hashes_(HashesOf(items)) {}

  bool operator()(uint32_t a, uint32_t b) const {
    const double time_a = table_.times[a], time_b = table_.times[b];
    if (time_a != time_b) return time_a < time_b;
    if (time_a == TimeColumn::kUnknown) {
      const bool in_a = table_.in_sequence[a], in_b = table_.in_sequence[b];
      if (in_a != in_b) return in_b;
      if (in_a) return a < b;
    }
    if (table_.items[a] != table_.items[b]) {
      const uint64_t hash_a = HashOf(a), hash_b = HashOf(b);
      if (hash_a != hash_b) return hash_a < hash_b;
    }
    return LessByContent(a, b);
  }

 private:
  uint64_t HashOf(uint32_t row) const {
    return Mixed(user_hashes_[table_.users[row]], item_hashes_[table_.items[row]]);
  }
  // Rows that do not differ in what they hold may stand in any order.
  bool LessByContent(uint32_t a, uint32_t b) const {
    auto differ = [](float x, float y) { return x != y && !(std::isnan(x) && std::isnan(y)); };
    if (const float x = table_.ratings[a], y = table_.ratings[b]; differ(x, y))
      return std::isnan(x) || x < y;
    if (!table_.worths.empty() && table_.worths[a] != table_.worths[b])
      return table_.worths[a] < table_.worths[b];
    for (const ContextColumn& context : table_.contexts) {
      const uint32_t x = context.positions[a], y = context.positions[b];
      if (x == y) continue;
      if (x == ContextColumn::kNoValue || y == ContextColumn::kNoValue)
        return x == ContextColumn::kNoValue;
      return context.values[x] < context.values[y];
    }
    return false;
  }

  const InteractionTable& table_;
  std::vector<uint64_t> user_hashes_, item_hashes_;
};

// Leaves the rows for which `stays` is true; it is asked in their order.
template <class Stays>
uint64_t LeaveOnly(InteractionOrder& order, const Stays& stays) {
  size_t kept = 0, begin = 0;
  for (size_t user = 0; user + 1 < order.begins.size(); ++user) {
    const size_t end = order.begins[user + 1];
    for (size_t i = begin; i < end; ++i)
      if (stays(order.rows[i])) order.rows[kept++] = order.rows[i];
    begin = end;
    order.begins[user + 1] = kept;
  }
  const uint64_t left_out = order.rows.size() - kept;
  order.rows.resize(kept);
  return left_out;
}

}  // namespace

InteractionOrder OrderByUserAndTime(const InteractionTable& table, std::span<const uint8_t> parts,
                                    const std::vector<bool>& keep, const Interner& users,
                                    const Interner& items) {
  InteractionOrder order;
  order.begins.assign(users.size() + 1, 0);
  const size_t rows = table.users.size();
  auto kept = [&](size_t row) { return keep.empty() || keep[row]; };
  for (size_t row = 0; row < rows; ++row)
    if (kept(row)) ++order.begins[table.users[row] + 1];
  std::partial_sum(order.begins.begin(), order.begins.end(), order.begins.begin());
  std::vector<size_t> next(order.begins.begin(), order.begins.end() - 1);
  order.rows.resize(order.begins.back());
  for (size_t row = 0; row < rows; ++row)
    if (kept(row)) order.rows[next[table.users[row]]++] = static_cast<uint32_t>(row);
  if (!table.has_times && parts.empty()) return order;
  const Earlier earlier(table, users, items);
  for (size_t user = 0; user < users.size(); ++user)
    std::sort(order.rows.begin() + static_cast<std::ptrdiff_t>(order.begins[user]),
              order.rows.begin() + static_cast<std::ptrdiff_t>(order.begins[user + 1]),
              [&](uint32_t a, uint32_t b) {
                if (!parts.empty() && parts[a] != parts[b]) return parts[a] < parts[b];
                return earlier(a, b);
              });
  return order;
}

uint64_t LeaveOutDuplicates(Duplicates which, const InteractionTable& table, size_t items,
                            InteractionOrder& order) {
  if (which != Duplicates::kFirst && which != Duplicates::kLast) return 0;
  std::vector<uint32_t> seen_by(items, UINT32_MAX);  // The last user that has been seen with it.
  auto is_first = [&](uint32_t row) {
    uint32_t& user = seen_by[table.items[row]];
    if (user == table.users[row]) return false;
    user = table.users[row];
    return true;
  };
  auto reverse = [&] {
    for (size_t user = 0; user + 1 < order.begins.size(); ++user)
      std::reverse(order.rows.begin() + static_cast<std::ptrdiff_t>(order.begins[user]),
                   order.rows.begin() + static_cast<std::ptrdiff_t>(order.begins[user + 1]));
  };
  if (which == Duplicates::kLast) reverse();
  const uint64_t left_out = LeaveOnly(order, is_first);
  if (which == Duplicates::kLast) reverse();
  return left_out;
}

LeftOut LeaveOutRare(uint32_t min_user, uint32_t min_item, const InteractionTable& table,
                     size_t items, InteractionOrder& order) {
  LeftOut left_out;
  if (min_user == 0 && min_item == 0) return left_out;
  const size_t users = order.begins.size() - 1;
  left_out.users.resize(users);
  left_out.items.resize(items);
  for (bool changed = true; changed;) {
    std::vector<uint32_t> user_counts(users, 0), item_counts(items, 0);
    for (uint32_t row : order.rows) {
      if (!table.worths.empty() && table.worths[row] <= 0) continue;
      ++user_counts[table.users[row]];
      ++item_counts[table.items[row]];
    }
    changed = false;
    auto leave_out = [&](const std::vector<uint32_t>& counts, uint32_t least,
                         std::vector<bool>& out, size_t& count) {
      for (size_t i = 0; i < counts.size(); ++i) {
        if (out[i] || counts[i] >= least) continue;
        out[i] = changed = true;
        ++count;
      }
    };
    leave_out(user_counts, min_user, left_out.users, left_out.user_count);
    leave_out(item_counts, min_item, left_out.items, left_out.item_count);
    left_out.rows += LeaveOnly(order, [&](uint32_t row) {
      return !left_out.users[table.users[row]] && !left_out.items[table.items[row]];
    });
  }
  return left_out;
}

}  // namespace shortlist
