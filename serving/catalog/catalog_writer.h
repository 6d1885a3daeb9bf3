// Tells of items, and says what was told: the requests of catalog.proto that change the catalog,
// from beginning to end. Plain code that needs no server.
//
// Thread-safe; refers to its parts, which must outlive it.
#pragma once

#include <span>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "serving/catalog/catalog_follower.h"
#include "shortlist/v1/catalog.pb.h"
#include "state/state_store.h"

namespace shortlist {

class CatalogWriter {
 public:
  CatalogWriter(const BundleRegistry& bundles, StateStore& store, CatalogFollower& follower,
                const Clock& clock)
      : bundles_(bundles), store_(store), follower_(follower), clock_(clock) {}

  // Fill in `response`, which is empty. Errors are those of catalog.proto.
  absl::Status UpsertItems(const v1::UpsertItemsRequest& request,
                           v1::UpsertItemsResponse& response) const;
  absl::Status DeleteItems(const v1::DeleteItemsRequest& request,
                           v1::DeleteItemsResponse& response) const;
  absl::Status HideItems(const v1::HideItemsRequest& request,
                         v1::HideItemsResponse& response) const;
  absl::Status ListChanges(const v1::ListChangesRequest& request,
                           v1::ListChangesResponse& response) const;

 private:
  // A change of each item; `say` fills in what it is.
  absl::Status RecordOfEach(const google::protobuf::RepeatedPtrField<std::string>& item_ids,
                            absl::FunctionRef<void(v1::ItemChange&)> say) const;
  // Makes them durable, and then part of what this process serves.
  absl::Status Record(std::span<const v1::LogEntry> entries) const;

  const BundleRegistry& bundles_;
  StateStore& store_;
  CatalogFollower& follower_;
  const Clock& clock_;
};

}  // namespace shortlist
