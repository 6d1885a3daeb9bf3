#include "retrieval/item_similarity.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/background/pace.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

bool IsSound(float x) { return std::isfinite(x) && x >= 0; }

}  // namespace

absl::Status WriteItemSimilarity(const ItemSimilarityData& data,
                                 const std::filesystem::path& path) {
  if (data.items.size() != data.scores.size() ||
      (data.neighbours == 0 ? !data.items.empty() : data.items.size() % data.neighbours != 0))
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": the table of similar items is not rectangular"));
  return WriteItemSimilarity(
      data.neighbours, data.items.size() / std::max(data.neighbours, 1U), data.weights,
      [&](size_t from) { return std::span(data.items).subspan(from); },
      [&](size_t from) { return std::span(data.scores).subspan(from); }, path);
}

absl::Status WriteItemSimilarity(uint32_t neighbours, size_t items, std::vector<float> weights,
                                 std::function<std::span<const ItemRow>(size_t)> make_neighbours,
                                 std::function<std::span<const float>(size_t)> make_scores,
                                 const std::filesystem::path& path) {
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>("neighbours", {neighbours});
  writer.AddOwned<float>("weights", std::move(weights));
  writer.AddMade<uint32_t>("items", items * neighbours, std::move(make_neighbours));
  writer.AddMade<float>("scores", items * neighbours, std::move(make_scores));
  return writer.Write(path);
}

absl::StatusOr<ItemSimilarity> ItemSimilarity::Open(const std::filesystem::path& path,
                                                    uint32_t item_count) {
  ItemSimilarity result;
  ASSIGN_OR_RETURN(result.file_, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(std::span<const uint32_t> width, result.file_.Get<uint32_t>("neighbours", 1));
  result.width_ = width[0];
  size_t cells = static_cast<size_t>(item_count) * result.width_;
  ASSIGN_OR_RETURN(result.items_, result.file_.Get<uint32_t>("items", cells));
  ASSIGN_OR_RETURN(result.scores_, result.file_.Get<float>("scores", cells));

  ASSIGN_OR_RETURN(result.weights_, result.file_.Get<float>("weights"));
  for (float weight : result.weights_)
    if (!IsSound(weight))
      return absl::DataLossError(
          absl::StrCat(result.file_.path(), ": a weight is negative or not finite"));

  // Padding is at the end of a row; neighbours() relies on it.
  for (size_t cell = 0; cell < cells; ++cell) {
    if (cell % Pace::kRows == 0) Pace::Keep();
    ItemRow item = result.items_[cell];
    bool after_padding = cell % result.width_ != 0 && result.items_[cell - 1] == kNoItem;
    if ((item != kNoItem && (item >= item_count || after_padding)) ||
        !IsSound(result.scores_[cell]))
      return absl::DataLossError(absl::StrCat(result.file_.path(), ": neighbour ",
                                              cell % result.width_, " of item ",
                                              cell / result.width_, " is invalid"));
  }
  return result;
}

std::span<const ItemRow> ItemSimilarity::neighbours(ItemRow item) const {
  std::span<const ItemRow> row = items_.subspan(static_cast<size_t>(item) * width_, width_);
  return row.first(static_cast<size_t>(std::find(row.begin(), row.end(), kNoItem) - row.begin()));
}

std::span<const float> ItemSimilarity::scores(ItemRow item) const {
  return scores_.subspan(static_cast<size_t>(item) * width_, neighbours(item).size());
}

}  // namespace shortlist
