// Whether a feature spec makes sense, by what its kinds need (features/kinds/), and a sensible one
// to begin with.
#pragma once

#include "absl/status/status.h"
#include "features/attribute_schema.h"
#include "features/feature_spec.h"

namespace shortlist {

// What can be said of a spec without data: names are unique, every feature has what its kind needs
// and nothing else, numbers are in range. INVALID_ARGUMENT names the feature.
absl::Status CheckFeatureSpec(const FeatureSpec& spec);

// Whether the attributes that the spec asks for are there and of the right type.
absl::Status CheckFeatureSpec(const FeatureSpec& spec, const AttributeSchema& items,
                              const AttributeSchema& users, const AttributeSchema& contexts);

// Whether the feature's value is a standardised number, as opposed to one weight per value.
bool IsNumeric(const Feature& feature);

// A sensible spec for data with these attributes, of which some interactions are liked and others
// are not, or which knows nothing of that.
FeatureSpec DefaultFeatureSpec(const AttributeSchema& items, const AttributeSchema& users,
                               const AttributeSchema& contexts, bool has_likes);

}  // namespace shortlist
