// From an item's attributes in public names to the codes of a catalog's schema: for items that come
// while a bundle serves. Training makes its codes where it reads a data set.
//
//   RETURN_IF_ERROR(CheckItemAttributes(attributes, schema, {nullptr, "item"}));
//   const EncodedItem item = EncodeItem(title, attributes, schema);
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/field_path.h"
#include "features/attribute_schema.h"
#include "features/catalog.h"
#include "features/user_state.h"

namespace shortlist {

struct EncodedItem {
  std::string title;
  std::vector<uint32_t> codes;  // Ascending.
  std::vector<double> numbers;  // By field of the schema; NaN where there is none.
  // Field and value of what has no code: ascending. No model knows it.
  std::vector<std::pair<uint32_t, std::string>> uncoded;
  // That the item brought along: as long as those of the bundle, or empty. EncodeItem has none; it
  // is model/item_as_told.h that fills it in.
  std::vector<float> vector;
};

// INVALID_ARGUMENT names the attribute ("item.attributes[0].name") that the schema does not have,
// that is there twice, has more values than its type allows, or is not the number that it should
// be.
absl::Status CheckItemAttributes(const std::vector<NamedAttribute>& attributes,
                                 const AttributeSchema& schema, const FieldPath& path);

// What the check refuses is left out.
EncodedItem EncodeItem(const std::string& title, const std::vector<NamedAttribute>& attributes,
                       const AttributeSchema& schema);

// Whether the item of the row has this title and these attributes, and no others.
bool HasContent(const Catalog& catalog, ItemRow row, const EncodedItem& item);

}  // namespace shortlist
