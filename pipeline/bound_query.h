// A query in the terms of one bundle: what a stage in this process works on. A stage in another
// process takes the query as it is and binds it there.
//
// Belongs to one request and to one thread; refers to the query, which must outlive it.
//
//   BoundQuery bound(query, bundle);
//   ASSIGN_OR_RETURN(ItemFilter filter, bound.Filter());
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "features/encoded_request.h"
#include "model/bundle.h"
#include "pipeline/ladder/rung.h"
#include "pipeline/query.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/sources/cold_start_level.h"

namespace shortlist {

class BoundQuery {
 public:
  BoundQuery(const Query& query, std::shared_ptr<const Bundle> bundle)
      : query_(&query), bundle_(std::move(bundle)) {}
  // For what is known in rows and codes of the bundle already: it stands in for the query's own
  // user and context, and `filter`, where there is one, for its filter and exclusions.
  BoundQuery(const Query& query, std::shared_ptr<const Bundle> bundle, EncodedUser user,
             EncodedContext context, std::optional<ItemFilter> filter = std::nullopt);

  const Query& query() const { return *query_; }
  const Bundle& bundle() const { return *bundle_; }
  const std::shared_ptr<const Bundle>& shared_bundle() const { return bundle_; }

  // What part of the usual work is to be done for it.
  Effort effort;
  // With that effort; never fewer than are to come back.
  size_t CandidatesToRank() const;

  // How much is known of its user.
  ColdStartLevel Level();

  // Encoded once, when first asked for.
  const EncodedUser& user();
  const EncodedContext& context();

  // What may be a candidate: items that meet the query's filter and are neither excluded, refused
  // by the user nor, unless they may come back, seen. INVALID_ARGUMENT names the field
  // ("filter.all_of[0].attribute") that does not fit the bundle.
  absl::StatusOr<ItemFilter> Filter();

  // Items that are candidates whatever their score, as long as they pass the filter. Ids, and the
  // rows of those that the bundle has.
  std::vector<std::string> pinned_item_ids;
  std::vector<ItemRow> PinnedItems() const;

  // The query's candidate_item_ids: the rows of those that the bundle has, in their order, and the
  // others, each once.
  struct GivenItems {
    std::vector<ItemRow> rows;
    std::vector<std::string> unknown_ids;
  };
  // Found once, when first asked for.
  const GivenItems& given_items();

  // Goes on with another bundle; what was encoded is forgotten.
  void Rebind(std::shared_ptr<const Bundle> bundle);

 private:
  const Query* query_;
  std::shared_ptr<const Bundle> bundle_;
  std::optional<EncodedUser> user_;
  std::optional<EncodedContext> context_;
  std::optional<ItemFilter> given_filter_;
  std::optional<GivenItems> given_items_;
};

}  // namespace shortlist
