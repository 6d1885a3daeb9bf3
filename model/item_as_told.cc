#include "model/item_as_told.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace shortlist {

uint32_t VectorDim(const Bundle& bundle) {
  if (bundle.vectors.dim() > 0) return bundle.vectors.dim();
  return bundle.content ? bundle.content->features().vector_dim() : 0;
}

absl::Status CheckVector(const Bundle& bundle, std::span<const float> vector,
                         const FieldPath& path) {
  if (vector.empty()) return absl::OkStatus();
  const uint32_t dim = VectorDim(bundle);
  if (dim == 0)
    return Invalid(path,
                   "the items that the bundle was trained with have no vectors, so that it has no "
                   "use for one");
  if (vector.size() != dim)
    return Invalid(path,
                   absl::StrCat("has ", vector.size(), " numbers; those of the bundle have ", dim));
  for (size_t i = 0; i < vector.size(); ++i)
    if (!std::isfinite(vector[i]))
      return Invalid({path.parent, path.name, static_cast<int>(i)}, "is not finite");
  if (std::ranges::all_of(vector, [](float x) { return x == 0; }))
    return Invalid(path, "is all 0; leave it out where the item has none");
  if (LengthOf(vector) == 0)
    return Invalid(path, "is too short or too long for a length: scale it");
  return absl::OkStatus();
}

EncodedItem EncodeAsTold(const Bundle& bundle, const std::string& title,
                         const std::vector<NamedAttribute>& attributes,
                         std::span<const float> vector, std::span<const float> before) {
  EncodedItem item = EncodeItem(title, attributes, bundle.catalog.schema());
  if (vector.size() != VectorDim(bundle) || LengthOf(vector) == 0) vector = before;
  item.vector.assign(vector.begin(), vector.end());
  return item;
}

bool IsAsTold(const Bundle& bundle, ItemRow row, const EncodedItem& item) {
  return std::ranges::equal(bundle.vectors.vector(row), item.vector) &&
         HasContent(bundle.catalog, row, item);
}

}  // namespace shortlist
