#include "model/live_bundle.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "common/growing/growing_array.h"
#include "common/status_macros.h"
#include "features/growing_catalog.h"
#include "features/item_encoder.h"
#include "model/alike_items.h"
#include "model/item_as_told.h"
#include "model/mean_of_alike.h"
#include "model/projected_content.h"

namespace shortlist {
namespace {

// Rows that are hidden for good do no harm until there are many.
constexpr size_t kManyRows = 10'000;

// An array of rows that a bundle has by item.
template <class T>
struct GrowingRows {
  GrowingArray<T> values;
  size_t width = 0;

  absl::Status Begin(std::span<const T> trained, size_t row_width) {
    width = row_width;
    ASSIGN_OR_RETURN(values, GrowingArray<T>::Make(trained, kRoomForItems * width));
    return absl::OkStatus();
  }
  absl::Status Append(std::span<const T> row) { return values.Append(row); }
  // Appends the row again.
  absl::Status Repeat(ItemRow row) { return Append(values.all().subspan(row * width, width)); }
};

}  // namespace

struct LiveBundle::Arrays {
  std::shared_ptr<const Bundle> trained;  // Whose files the rest begins with.
  GrowingCatalog catalog;
  GrowingRows<float> embeddings, history;
  GrowingRows<int8_t> history_from, history_to, next_from, next_to;
  GrowingRows<ItemRow> neighbours;
  GrowingRows<float> neighbour_scores;
  GrowingArray<uint32_t> counts, liked;        // Of ItemStatistics.
  GrowingRows<float> vectors, vector_lengths;  // Of ItemVectors, where there are any.
};

absl::StatusOr<std::unique_ptr<LiveBundle>> LiveBundle::Make(
    std::shared_ptr<const Bundle> trained) {
  std::unique_ptr<LiveBundle> live(new LiveBundle(std::move(trained)));
  const Bundle& bundle = *live->trained_;
  Arrays& arrays = *live->arrays_;
  arrays.trained = live->trained_;
  ASSIGN_OR_RETURN(arrays.catalog, GrowingCatalog::Make(bundle.catalog));
  const TwoTower& towers = bundle.towers;
  RETURN_IF_ERROR(arrays.embeddings.Begin(towers.item_embeddings(), towers.dim()));
  if (!towers.history_vectors().empty())
    RETURN_IF_ERROR(arrays.history.Begin(towers.history_vectors(), towers.dim()));
  auto begin = [](const ItemFactors& factors, GrowingRows<int8_t>& from, GrowingRows<int8_t>& to) {
    if (factors.dim() == 0) return absl::OkStatus();
    RETURN_IF_ERROR(from.Begin(factors.all_from(), factors.row_size()));
    return to.Begin(factors.all_to(), factors.row_size());
  };
  RETURN_IF_ERROR(begin(bundle.history_regression, arrays.history_from, arrays.history_to));
  RETURN_IF_ERROR(begin(bundle.next_regression, arrays.next_from, arrays.next_to));
  const ItemSimilarity& similarity = bundle.similarity;
  RETURN_IF_ERROR(arrays.neighbours.Begin(similarity.all_items(), similarity.width()));
  RETURN_IF_ERROR(arrays.neighbour_scores.Begin(similarity.all_scores(), similarity.width()));
  ASSIGN_OR_RETURN(arrays.counts,
                   GrowingArray<uint32_t>::Make(bundle.statistics.counts, kRoomForItems));
  ASSIGN_OR_RETURN(arrays.liked,
                   GrowingArray<uint32_t>::Make(bundle.statistics.liked, kRoomForItems));
  if (bundle.vectors.dim() > 0) {
    RETURN_IF_ERROR(arrays.vectors.Begin(bundle.vectors.all(), bundle.vectors.dim()));
    RETURN_IF_ERROR(arrays.vector_lengths.Begin(bundle.vectors.lengths(), 1));
  }
  return live;
}

namespace {

// The trained one; of a bundle that has none, the mean of what is alike.
std::unique_ptr<const ContentModel> ContentModelOf(const Bundle& bundle) {
  if (bundle.content) return std::make_unique<ProjectedContent>(*bundle.content);
  return std::make_unique<MeanOfAlike>(bundle);
}

}  // namespace

LiveBundle::LiveBundle(std::shared_ptr<const Bundle> trained)
    : trained_(std::move(trained)),
      content_(ContentModelOf(*trained_)),
      arrays_(std::make_shared<Arrays>()),
      row_count_(trained_->catalog.item_count()),
      hidden_(row_count_),
      deleted_(row_count_),
      bundle_(trained_) {}

LiveBundle::~LiveBundle() = default;

bool LiveBundle::IsMostlyHidden() const {
  const size_t rows = row_count_ - trained_->catalog.trained_count();
  return replaced_rows_ > kManyRows && 2 * replaced_rows_ > rows;
}

absl::StatusOr<std::shared_ptr<const Bundle>> LiveBundle::Apply(std::span<const Item> items,
                                                                int64_t now_ms) {
  bool different = false;
  for (const Item& item : items) {
    ASSIGN_OR_RETURN(const bool this_one, ApplyOne(item, now_ms));
    different |= this_one;
  }
  if (different) {
    ASSIGN_OR_RETURN(bundle_, MakeBundle());
  }
  return bundle_;
}

absl::StatusOr<bool> LiveBundle::ApplyOne(const Item& item, int64_t now_ms) {
  const Catalog& catalog = bundle_->catalog;
  const ItemState& state = *item.state;
  std::optional<ItemRow> row = catalog.FindItem(item.id);
  bool different = false;
  if (state.presence == ItemState::Presence::kUpserted) {
    const ItemRow learned_row = row ? catalog.LearnedRow(*row) : kNoItem;
    const EncodedItem encoded = EncodeAsTold(*bundle_, state.title, state.attributes, state.vector,
                                             bundle_->vectors.vector(learned_row));
    if (!row || !IsAsTold(*bundle_, *row, encoded)) {
      RETURN_IF_ERROR(AppendRow(item.id, encoded, learned_row));
      if (row) {
        hidden_.Set(*row);
        replaced_rows_ += *row >= catalog.trained_count();
      }
      row = row_count_ - 1;
      different = true;
    }
  }
  if (!row) return different;
  auto set = [&](Bits& bits, bool value) {
    if (bits.Test(*row) == value) return;
    different = true;
    value ? bits.Set(*row) : bits.Clear(*row);
  };
  set(hidden_, state.IsHidden(now_ms));
  set(deleted_, state.presence == ItemState::Presence::kDeleted);
  return different;
}

absl::Status LiveBundle::AppendRow(std::string_view id, const EncodedItem& item,
                                   ItemRow learned_row) {
  Arrays& arrays = *arrays_;
  GrowingCatalog::Known known{.learned_row = learned_row};
  AlikeItems alike;
  if (learned_row != kNoItem) {
    for (GrowingRows<float>* rows : {&arrays.embeddings, &arrays.history, &arrays.neighbour_scores})
      RETURN_IF_ERROR(rows->Repeat(learned_row));
    for (GrowingRows<int8_t>* rows :
         {&arrays.history_from, &arrays.history_to, &arrays.next_from, &arrays.next_to})
      RETURN_IF_ERROR(rows->Repeat(learned_row));
    RETURN_IF_ERROR(arrays.neighbours.Repeat(learned_row));
  } else {
    const std::optional<LearnedRows> learned = content_->Of(item);
    known.vector_origin = learned ? VectorOrigin::kFromAttributes : VectorOrigin::kNone;
    if (learned) alike = FindAlike(*trained_, learned->embedding);
    const LearnedRows rows = learned.value_or(LearnedRows());
    auto append = [](std::vector<float> row, GrowingRows<float>& to) {
      row.resize(to.width, 0);
      return to.Append(row);
    };
    auto append_factors = [](std::vector<float> row, GrowingRows<int8_t>& to) {
      if (to.width == 0) return absl::OkStatus();
      row.resize(to.width - FactorRowSize(0), 0);
      std::vector<int8_t> encoded(to.width);
      EncodeFactors(row, encoded);
      return to.Append(encoded);
    };
    RETURN_IF_ERROR(append(rows.embedding, arrays.embeddings));
    RETURN_IF_ERROR(append(rows.history, arrays.history));
    RETURN_IF_ERROR(append_factors(rows.history_from, arrays.history_from));
    RETURN_IF_ERROR(append_factors(rows.history_to, arrays.history_to));
    RETURN_IF_ERROR(append_factors(rows.next_from, arrays.next_from));
    RETURN_IF_ERROR(append_factors(rows.next_to, arrays.next_to));
    if (alike.rows.empty()) {
      RETURN_IF_ERROR(
          arrays.neighbours.Append(std::vector<ItemRow>(arrays.neighbours.width, kNoItem)));
      RETURN_IF_ERROR(append({}, arrays.neighbour_scores));
    } else {  // What goes with the likest goes with it.
      RETURN_IF_ERROR(arrays.neighbours.Repeat(alike.rows.front()));
      RETURN_IF_ERROR(arrays.neighbour_scores.Repeat(alike.rows.front()));
    }
  }
  const bool is_new = learned_row == kNoItem;
  known.alike = alike.rows;
  if (arrays.vectors.width > 0) {
    std::vector<float> vector = item.vector;
    vector.resize(arrays.vectors.width, 0);
    RETURN_IF_ERROR(arrays.vectors.Append(vector));
    const float length = LengthOf(vector);
    RETURN_IF_ERROR(arrays.vector_lengths.Append({&length, 1}));
  }
  RETURN_IF_ERROR(
      arrays.counts.Append(is_new ? alike.count : trained_->statistics.counts[learned_row]));
  RETURN_IF_ERROR(
      arrays.liked.Append(is_new ? alike.liked : trained_->statistics.liked[learned_row]));
  RETURN_IF_ERROR(arrays.catalog.Append(id, item, known));
  ++row_count_;
  hidden_.Grow(row_count_);
  deleted_.Grow(row_count_);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Bundle>> LiveBundle::MakeBundle() const {
  const Bundle& before = *bundle_;
  const Arrays& arrays = *arrays_;
  auto bundle = std::make_shared<Bundle>();
  bundle->shared = arrays_;
  bundle->lease = before.lease;
  bundle->id = before.id;
  bundle->version = before.version;
  const auto hidden = std::make_shared<const Bits>(hidden_);
  bundle->catalog = arrays.catalog.catalog(hidden, std::make_shared<const Bits>(deleted_));
  bundle->requests = before.requests;
  bundle->towers =
      before.towers.WithItems(arrays.embeddings.values.all(), arrays.history.values.all());
  bundle->similarity = before.similarity.WithItems(arrays.neighbours.values.all(),
                                                   arrays.neighbour_scores.values.all());
  bundle->segments = before.segments;
  bundle->history_regression = before.history_regression.WithItems(arrays.history_from.values.all(),
                                                                   arrays.history_to.values.all());
  bundle->next_regression =
      before.next_regression.WithItems(arrays.next_from.values.all(), arrays.next_to.values.all());
  bundle->index = before.index->WithChanges(arrays.embeddings.values.all(), hidden);
  bundle->attributes.emplace(*before.attributes, bundle->catalog, &bundle->index->order());
  bundle->vectors =
      before.vectors.WithItems(arrays.vectors.values.all(), arrays.vector_lengths.values.all());
  bundle->statistics = before.statistics;
  bundle->statistics.counts = arrays.counts.all();
  bundle->statistics.liked = arrays.liked.all();
  TieRetrieval(*bundle);
  ASSIGN_OR_RETURN(bundle->extractor,
                   FeatureExtractor::Create(before.extractor->spec(), FeatureInputsOf(*bundle)));
  ASSIGN_OR_RETURN(bundle->ranker, before.ranker->Grown(*bundle->extractor));
  if (before.liked_head) {
    ASSIGN_OR_RETURN(bundle->liked_head, before.liked_head->Grown(*bundle->extractor));
  }
  return bundle;
}

}  // namespace shortlist
