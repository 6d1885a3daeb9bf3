// Answers questions about the items of the current bundle. Const and thread-safe; refers to the
// registry, which must outlive it.
#pragma once

#include "absl/status/status.h"
#include "model/bundle_registry.h"
#include "shortlist/v1/catalog.pb.h"

namespace shortlist {

class CatalogReader {
 public:
  explicit CatalogReader(const BundleRegistry& bundles) : bundles_(bundles) {}

  // Fill in `response`, which is empty. Errors are those of catalog.proto.
  absl::Status GetItem(const v1::GetItemRequest& request, v1::GetItemResponse& response) const;
  absl::Status ListItems(const v1::ListItemsRequest& request,
                         v1::ListItemsResponse& response) const;

 private:
  const BundleRegistry& bundles_;
};

}  // namespace shortlist
