// The place of an item that came after training, by the projection that was trained for it
// (retrieval/content/content_projection.h).
//
// Const and thread-safe; refers to the projection, which must outlive it.
#pragma once

#include <optional>

#include "model/content_model.h"
#include "retrieval/content/content_projection.h"

namespace shortlist {

class ProjectedContent : public ContentModel {
 public:
  explicit ProjectedContent(const ContentProjection& projection) : projection_(projection) {}

  std::optional<LearnedRows> Of(const EncodedItem& item) const override {
    return projection_.Project({.codes = item.codes, .vector = item.vector});
  }

 private:
  const ContentProjection& projection_;
};

}  // namespace shortlist
