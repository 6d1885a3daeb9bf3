// What requests say of a user's attributes, checked against what a model knows.
#pragma once

#include "absl/status/status.h"
#include "common/field_path.h"
#include "features/attribute_schema.h"
#include "shortlist/v1/common.pb.h"

namespace shortlist {

// INVALID_ARGUMENT names an attribute that the model was not trained with, and those it was; one
// that has several values where there can be only one; or a "time_zone" that is none. A time zone
// is known to every model (features/context_time.h). `parent` is the message that has the field
// "attributes"; null: the request itself.
absl::Status CheckUserAttributes(const google::protobuf::RepeatedPtrField<v1::Attribute>& given,
                                 const AttributeSchema& schema, const FieldPath* parent);

}  // namespace shortlist
