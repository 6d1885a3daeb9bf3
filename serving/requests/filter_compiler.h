// From a caller's filter to the items of one bundle that pass it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "features/attribute_schema.h"
#include "model/bundle.h"
#include "retrieval/filters/item_filter.h"
#include "serving/requests/field_path.h"
#include "shortlist/v1/common.pb.h"

namespace shortlist {

// `filter` has passed Validate. INVALID_ARGUMENT names the field ("filter.all_of[0].attribute")
// that asks for an attribute the catalog does not have, or for a range of one that is not numeric.
absl::StatusOr<ItemFilter> CompileFilter(const v1::ItemFilter& filter, const Bundle& bundle,
                                         const FieldPath& path = {nullptr, "filter"});

// The names of a schema's attributes for an error message: "genre, year", or "none".
std::string FieldNames(const AttributeSchema& schema);

}  // namespace shortlist
