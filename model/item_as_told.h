// An item as it was told, in the terms of a bundle: codes of the bundle's schema, and a vector as
// long as the bundle's.
//
//   RETURN_IF_ERROR(CheckVector(bundle, item.vector, {&path, "vector"}));
//   const EncodedItem told = EncodeAsTold(bundle, title, attributes, vector);
//   if (row && IsAsTold(bundle, *row, told)) return;  // There is nothing new.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/field_path.h"
#include "features/item_encoder.h"
#include "model/bundle.h"

namespace shortlist {

// INVALID_ARGUMENT names the number ("items[0].vector[7]") or the vector that the bundle has no use
// for. An empty one is none, which is right.
absl::Status CheckVector(const Bundle& bundle, std::span<const float> vector,
                         const FieldPath& path);

// What the bundle has no use for is left out.
EncodedItem EncodeAsTold(const Bundle& bundle, const std::string& title,
                         const std::vector<NamedAttribute>& attributes,
                         const std::vector<float>& vector);

// Whether the row's item has this title, these attributes and this vector, and no others.
bool IsAsTold(const Bundle& bundle, ItemRow row, const EncodedItem& item);

}  // namespace shortlist
