// What is known of an item before anybody has taken it up, as a sparse vector: its attribute codes,
// and a vector made elsewhere, of its picture or its text, where it has one.
//
// A feature is a row from 0. Codes that training has not seen have none. The codes of a field share
// a length of 1, and so do the numbers of the vector.
//
// Immutable, thread-safe; a view that lives as long as the ArrayFile it was opened from.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"

namespace shortlist {

// The Euclidean length; 0 where it is 0, not finite, or too large for a float: that is no vector.
float LengthOf(std::span<const float> vector);

struct ItemContent {
  std::span<const uint32_t> codes = {};  // Of the catalog's item schema, ascending.
  std::span<const float> vector = {};    // Empty, or of vector_dim() finite numbers.
};

struct ContentFeature {
  uint32_t row;
  float value;

  bool operator==(const ContentFeature&) const = default;
};

inline constexpr uint32_t kNoContentRow = std::numeric_limits<uint32_t>::max();

// What the features are made of, before they are written. Their rows: those of codes, in their
// order, then the vector's.
struct ContentFeaturesData {
  std::vector<uint32_t> field_begin;  // First code of each field of the schema.
  std::vector<uint32_t> code_rows;    // By code; kNoContentRow: none.
  uint32_t vector_dim = 0;            // 0: items have no vectors.
};

void AddContentFeatures(ArrayFileWriter& writer, const ContentFeaturesData& data);

class ContentFeatures {
 public:
  static absl::StatusOr<ContentFeatures> Open(const ArrayFile& file);

  uint32_t row_count() const { return first_vector_row_ + vector_dim_; }
  // Codes of the item schema that these features belong to.
  uint32_t code_count() const { return static_cast<uint32_t>(code_rows_.size()); }
  uint32_t vector_dim() const { return vector_dim_; }

  // Empty where nothing is known of the item. No row twice. A vector of another length than
  // vector_dim(), or of zeros, is no vector.
  std::vector<ContentFeature> Encode(const ItemContent& content) const;

 private:
  std::span<const uint32_t> field_begin_, code_rows_;
  uint32_t first_vector_row_ = 0, vector_dim_ = 0;
};

}  // namespace shortlist
