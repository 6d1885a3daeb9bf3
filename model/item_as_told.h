// An item as it was told, in the terms of a bundle: codes of the bundle's schema, and a vector as
// long as the bundle's.
//
//   RETURN_IF_ERROR(CheckVector(bundle, item.vector, {&path, "vector"}));
//   const EncodedItem told = EncodeAsTold(bundle, title, attributes, vector, /*before=*/{});
//   if (row && IsAsTold(bundle, *row, told)) return;  // There is nothing new.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/field_path.h"
#include "features/item_encoder.h"
#include "model/bundle.h"

namespace shortlist {

// Numbers of the vectors that the bundle has a use for; 0: of none.
uint32_t VectorDim(const Bundle& bundle);

// INVALID_ARGUMENT names the number ("items[0].vector[7]") or the vector that the bundle has no use
// for. An empty one is none, which is right.
absl::Status CheckVector(const Bundle& bundle, std::span<const float> vector,
                         const FieldPath& path);

// Attributes that the bundle does not have are left out. In place of a vector that is not told, or
// that the bundle has no use for, the item has the one of `before`; empty: none.
EncodedItem EncodeAsTold(const Bundle& bundle, const std::string& title,
                         const std::vector<NamedAttribute>& attributes,
                         std::span<const float> vector, std::span<const float> before);

// Whether the row's item has this title, these attributes and this vector, and no others.
bool IsAsTold(const Bundle& bundle, ItemRow row, const EncodedItem& item);

}  // namespace shortlist
