#include "pipeline/bound_query.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "common/field_path.h"
#include "common/status_macros.h"

namespace shortlist {

BoundQuery::BoundQuery(const Query& query, std::shared_ptr<const Bundle> bundle, EncodedUser user,
                       EncodedContext context, std::optional<ItemFilter> filter)
    : query_(&query),
      bundle_(std::move(bundle)),
      user_(std::move(user)),
      context_(std::move(context)),
      given_filter_(std::move(filter)) {}

size_t BoundQuery::CandidatesToRank() const {
  const auto wanted = static_cast<double>(query_->candidate_count);
  return std::max(query_->count, static_cast<size_t>(std::ceil(effort.candidates * wanted)));
}

ColdStartLevel BoundQuery::Level() {
  const UserState& state = query_->user;
  // Of one who is forgotten the id says nothing.
  return LevelOf(user(), !state.user_id.empty() && !state.is_forgotten);
}

const EncodedUser& BoundQuery::user() {
  if (!user_) user_ = bundle_->encoder->Encode(query_->user);
  return *user_;
}

const EncodedContext& BoundQuery::context() {
  if (!context_) context_ = bundle_->encoder->Encode(query_->context, query_->user);
  return *context_;
}

absl::StatusOr<ItemFilter> BoundQuery::Filter() {
  if (given_filter_) return *given_filter_;
  ASSIGN_OR_RETURN(ItemFilter filter,
                   bundle_->attributes->Compile(query_->filter, {nullptr, "filter"}));
  std::vector<ItemRow> excluded;
  if (!query_->include_seen) excluded = ItemsOf(user());
  const auto exclude = [&](std::span<const std::string> ids) {
    for (const ItemRow row : bundle_->catalog.FindItems(ids))
      if (row != kNoItem) excluded.push_back(row);
  };
  exclude(query_->excluded_item_ids);
  std::vector<std::string> refused;
  for (const Interaction& refusal : query_->user.refused) refused.push_back(refusal.item_id);
  exclude(refused);
  filter.Exclude(excluded);
  return filter;
}

std::vector<ItemRow> BoundQuery::PinnedItems() const {
  std::vector<ItemRow> rows;
  for (const ItemRow row : bundle_->catalog.FindItems(pinned_item_ids))
    if (row != kNoItem) rows.push_back(row);
  return rows;
}

const BoundQuery::GivenItems& BoundQuery::given_items() {
  if (given_items_) return *given_items_;
  const std::vector<std::string>& ids = query_->candidate_item_ids;
  GivenItems& given = given_items_.emplace();
  given.rows = bundle_->catalog.FindItems(ids);
  absl::flat_hash_set<std::string_view> unknown;
  for (size_t i = 0; i < ids.size(); ++i)
    if (given.rows[i] == kNoItem || bundle_->catalog.IsDeleted(given.rows[i])) {
      given.rows[i] = kNoItem;
      if (unknown.insert(ids[i]).second) given.unknown_ids.push_back(ids[i]);
    }
  std::erase(given.rows, kNoItem);
  return given;
}

void BoundQuery::Rebind(std::shared_ptr<const Bundle> bundle) {
  if (bundle == bundle_) return;
  *this = [&] {
    BoundQuery rebound(*query_, std::move(bundle));
    rebound.pinned_item_ids = std::move(pinned_item_ids);
    rebound.effort = effort;
    return rebound;
  }();
}

}  // namespace shortlist
