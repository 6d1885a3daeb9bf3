#include "retrieval/content/content_features.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/vector_kernels.h"

namespace shortlist {
namespace {

// Gives the features from `begin` on equal shares of a length of 1.
void ShareLength(std::vector<ContentFeature>& features, size_t begin) {
  const float value = 1 / std::sqrt(static_cast<float>(features.size() - begin));
  for (size_t i = begin; i < features.size(); ++i) features[i].value = value;
}

}  // namespace

float LengthOf(std::span<const float> vector) {
  const float length = std::sqrt(DotProduct(vector.data(), vector.data(), vector.size()));
  return std::isfinite(length) ? length : 0;
}

void AddContentFeatures(ArrayFileWriter& writer, const ContentFeaturesData& data) {
  writer.AddOwned("field_begin", data.field_begin);
  writer.AddOwned("code_rows", data.code_rows);
  writer.AddOwned<uint32_t>("vector_dim", {data.vector_dim});
}

absl::StatusOr<ContentFeatures> ContentFeatures::Open(const ArrayFile& file) {
  ContentFeatures features;
  ASSIGN_OR_RETURN(features.field_begin_, file.Get<uint32_t>("field_begin"));
  ASSIGN_OR_RETURN(features.code_rows_, file.Get<uint32_t>("code_rows"));
  ASSIGN_OR_RETURN(const std::span<const uint32_t> dim, file.Get<uint32_t>("vector_dim", 1));
  features.vector_dim_ = dim[0];
  const std::span<const uint32_t> fields = features.field_begin_;
  if (!std::is_sorted(fields.begin(), fields.end()) ||
      (fields.empty() ? !features.code_rows_.empty() : fields.front() != 0) ||
      features.vector_dim_ > 65536)
    return absl::DataLossError(absl::StrCat(file.path(), ": the features' layout is invalid"));
  for (const uint32_t row : features.code_rows_) {
    if (row == kNoContentRow) continue;
    if (row != features.first_vector_row_)
      return absl::DataLossError(absl::StrCat(file.path(), ": the rows of codes do not ascend"));
    ++features.first_vector_row_;
  }
  return features;
}

std::vector<ContentFeature> ContentFeatures::Encode(const ItemContent& content) const {
  std::vector<ContentFeature> features;
  size_t field = 0, begin = 0;
  for (const uint32_t code : content.codes) {
    if (code >= code_rows_.size() || code_rows_[code] == kNoContentRow) continue;
    const size_t before = field;
    while (field + 1 < field_begin_.size() && field_begin_[field + 1] <= code) ++field;
    if (field != before) {
      ShareLength(features, begin);
      begin = features.size();
    }
    features.push_back({code_rows_[code], 0});
  }
  ShareLength(features, begin);

  if (vector_dim_ > 0 && content.vector.size() == vector_dim_) {
    if (const float length = LengthOf(content.vector); length > 0)
      for (uint32_t d = 0; d < vector_dim_; ++d)
        features.push_back({first_vector_row_ + d, content.vector[d] / length});
  }
  return features;
}

}  // namespace shortlist
