// What models would have learned of an item, from its content: for items that came after training.
//
// Implementations are const and thread-safe.
#pragma once

#include <optional>

#include "features/item_encoder.h"
#include "retrieval/content/content_projection.h"

namespace shortlist {

using LearnedRows = ProjectedItem;

class ContentModel {
 public:
  virtual ~ContentModel() = default;
  // None where the content says nothing.
  virtual std::optional<LearnedRows> Of(const EncodedItem& item) const = 0;
};

}  // namespace shortlist
