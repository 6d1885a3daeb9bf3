#include "retrieval/segment_popularity.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {

absl::Status WriteSegmentPopularity(const SegmentPopularityData& data,
                                    const std::filesystem::path& path) {
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>("width", {data.width});
  writer.Add<uint32_t>("items", data.items);
  return writer.Write(path);
}

absl::StatusOr<SegmentPopularity> SegmentPopularity::Open(const std::filesystem::path& path,
                                                          uint32_t code_count,
                                                          uint32_t item_count) {
  SegmentPopularity result;
  ASSIGN_OR_RETURN(result.file_, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(const std::span<const uint32_t> width, result.file_.Get<uint32_t>("width", 1));
  result.width_ = width[0];
  ASSIGN_OR_RETURN(result.items_,
                   result.file_.Get<uint32_t>("items", size_t{code_count} * result.width_));
  for (size_t i = 0; i < result.items_.size(); ++i)
    if (result.items_[i] != kNoItem && result.items_[i] >= item_count)
      return absl::DataLossError(absl::StrCat(result.file_.path(), ": item ", i % result.width_,
                                              " of code ", i / result.width_, " is invalid"));
  return result;
}

std::span<const ItemRow> SegmentPopularity::items(uint32_t code) const {
  const std::span<const ItemRow> row = items_.subspan(size_t{code} * width_, width_);
  return row.first(static_cast<size_t>(std::find(row.begin(), row.end(), kNoItem) - row.begin()));
}

std::vector<std::span<const ItemRow>> SegmentPopularity::ListsOf(const EncodedUser& user,
                                                                 const AttributeSchema& users,
                                                                 std::string_view attribute) const {
  std::vector<std::span<const ItemRow>> lists;
  const AttributeSchema::Field* const field = users.FindField(attribute);
  if (field == nullptr || empty()) return lists;
  for (const uint32_t code : user.attribute_codes)
    if (code >= field->first_code && code < field->first_code + field->values.size())
      lists.push_back(items(code));
  return lists;
}

}  // namespace shortlist
