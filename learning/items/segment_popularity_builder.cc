#include "learning/items/segment_popularity_builder.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace shortlist {
namespace {

// The rows of the users who have each code.
std::vector<std::vector<uint32_t>> UsersByCode(const AttributeCodes& attributes, size_t users) {
  size_t codes = 0;
  for (const AttributeFieldData& field : attributes.schema) codes += field.values.size();
  std::vector<std::vector<uint32_t>> by_code(codes);
  for (size_t user = 0; user < users; ++user)
    for (const uint32_t code : CodesOf(attributes, user))
      by_code[code].push_back(static_cast<uint32_t>(user));
  return by_code;
}

}  // namespace

SegmentPopularityData BuildSegmentPopularity(const Dataset& dataset,
                                             std::span<const UserSequence> sequences,
                                             uint32_t most) {
  const std::vector<std::vector<uint32_t>> users_by_code =
      UsersByCode(dataset.user_attributes, sequences.size());
  SegmentPopularityData data{.width = most, .items = {}};
  absl::flat_hash_map<ItemRow, std::pair<uint32_t, uint32_t>> counts;  // And the last user.
  std::vector<std::pair<int64_t, ItemRow>> ordered;
  for (const std::vector<uint32_t>& users : users_by_code) {
    counts.clear();
    for (const uint32_t user : users)
      for (size_t i = sequences[user].begin; i < sequences[user].train_end; ++i) {
        auto& [count, last_user] = counts[dataset.interactions[i].item];
        if (count > 0 && last_user == user) continue;
        ++count;
        last_user = user;
      }
    ordered.clear();
    for (const auto& [item, counted] : counts) ordered.emplace_back(-int64_t{counted.first}, item);
    std::sort(ordered.begin(), ordered.end());
    for (size_t place = 0; place < most; ++place)
      data.items.push_back(place < ordered.size() ? ordered[place].second : kNoItem);
  }
  return data;
}

}  // namespace shortlist
