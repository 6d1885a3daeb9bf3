#include "serving/swap/canary_probes.h"

#include <algorithm>
#include <string>
#include <utility>

namespace shortlist {
namespace {

constexpr size_t kHistory = 5;
// Of the popular items: enough that the probes differ.
constexpr size_t kMostItems = 1'000;

}  // namespace

std::vector<Query> CanaryProbes(const Bundle& served, const Bundle& next, size_t count,
                                int64_t time_ms) {
  std::vector<std::string> ids, known;
  for (const ItemRow row : next.catalog.most_popular().first(
           std::min(kMostItems, next.catalog.most_popular().size()))) {
    ids.emplace_back(next.catalog.id(row));
    if (served.catalog.FindItem(ids.back())) known.push_back(ids.back());
  }
  if (!known.empty()) ids = std::move(known);
  if (ids.empty()) return {};
  std::vector<Query> probes(count);
  // Each next probe begins with the item after those of the one before, and its items are
  // neighbours in popularity.
  for (size_t i = 0; i < count; ++i) {
    Query& probe = probes[i];
    probe.context.time_ms = time_ms;
    for (size_t h = 0; h < std::min(kHistory, ids.size()); ++h)
      probe.user.history.push_back(
          {.item_id = ids[(i * kHistory + h) % ids.size()],
           .time_ms = time_ms - static_cast<int64_t>(kHistory - h) * 60'000,
           .value = 1});
  }
  return probes;
}

}  // namespace shortlist
