#include "retrieval/two_tower.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/background/pace.h"
#include "common/status_macros.h"
#include "common/vector_kernels.h"
#include "features/request_schema.h"

namespace shortlist {
namespace {

// Far above any trained weight, and far below where sums of products overflow.
constexpr float kLargestWeight = 1e6F;

// out[r] += rows[r] . x for a row-major matrix of out.size() rows and x.size() columns.
void AddMatrixVector(std::span<const float> rows, std::span<const float> x, std::span<float> out) {
  std::vector<float> products(out.size());
  DotProducts(x.data(), rows.data(), out.size(), x.size(), products.data());
  for (size_t r = 0; r < out.size(); ++r) out[r] += products[r];
}

void AddScaled(std::span<const float> values, float scale, std::span<float> out) {
  shortlist::AddScaled(scale, values.data(), out.data(), out.size());
}

void Normalise(std::span<float> vector) {
  float norm = std::sqrt(DotProduct(vector.data(), vector.data(), vector.size()));
  if (norm > 0)
    for (float& x : vector) x /= norm;
}

}  // namespace

absl::StatusOr<TwoTower> TwoTower::Open(const std::filesystem::path& path, uint32_t item_count) {
  TwoTower model;
  ASSIGN_OR_RETURN(model.file_, ArrayFile::Open(path));
  const ArrayFile& file = model.file_;
  ASSIGN_OR_RETURN(const RequestSchema requests, RequestSchema::Open(file));
  ASSIGN_OR_RETURN(std::span<const uint32_t> shape, file.Get<uint32_t>("shape", 4));
  ASSIGN_OR_RETURN(std::span<const float> exponent, file.Get<float>("degree_exponent", 1));
  model.shape_ = {.kind = static_cast<TowerKind>(shape[0]),
                  .dim = shape[1],
                  .hidden = shape[2],
                  .max_history = shape[3],
                  .degree_exponent = exponent[0]};
  const size_t dim = model.shape_.dim;
  const size_t hidden = model.shape_.hidden;
  const bool is_bag = model.shape_.kind == TowerKind::kBag;
  if ((model.shape_.kind != TowerKind::kSequence && !is_bag) || dim == 0 || dim > 4096 ||
      hidden > 65536 || model.shape_.max_history == 0 || !(std::abs(exponent[0]) <= 1))
    return absl::DataLossError(absl::StrCat(file.path(), ": the model's shape is invalid"));

  struct Weights {
    std::span<const float>* values;
    const char* name;
    size_t size;
  };
  std::vector<Weights> weights = {
      {&model.item_embeddings_, "item_embeddings", item_count * dim},
      {&model.empty_, "empty", dim},
      {&model.user_id_, "user_id", requests.user_count() * dim},
      {&model.user_code_, "user_code", requests.users().code_count() * dim},
  };
  if (is_bag) {
    weights.push_back({&model.history_, "history", item_count * dim});
  } else {
    weights.insert(weights.end(),
                   {{&model.attention_, "attention", dim * dim},
                    {&model.recency_, "recency", model.shape_.max_history},
                    {&model.context_code_, "context_code", requests.contexts().code_count() * dim},
                    {&model.w1_, "w1", hidden * 4 * dim},
                    {&model.b1_, "b1", hidden},
                    {&model.w2_, "w2", dim * hidden},
                    {&model.wr_, "wr", dim * 4 * dim}});
  }
  for (const Weights& array : weights) {
    ASSIGN_OR_RETURN(*array.values, file.Get<float>(array.name, array.size));
    if (!std::all_of(array.values->begin(), array.values->end(),
                     [](float x) { return std::abs(x) <= kLargestWeight; }))
      return absl::DataLossError(absl::StrCat(file.path(), ": array ", array.name,
                                              " has a value that is not finite or too large"));
  }
  for (ItemRow row = 0; row < item_count; ++row) {
    if (row % Pace::kRows == 0) Pace::Keep();
    const auto v = model.item_embedding(row);
    if (std::abs(DotProduct(v.data(), v.data(), dim) - 1) > 1e-3F)
      return absl::DataLossError(
          absl::StrCat(file.path(), ": the embedding of item ", row, " is not of length 1"));
  }
  return model;
}

std::vector<float> TwoTower::UserVector(const EncodedUser& user,
                                        const EncodedContext& context) const {
  return shape_.kind == TowerKind::kBag ? BagVector(user) : SequenceVector(user, context);
}

std::vector<float> TwoTower::BagVector(const EncodedUser& user) const {
  const size_t dim = shape_.dim;
  const size_t length = std::min<size_t>(user.history.size(), shape_.max_history);
  std::vector<ItemRow> items;
  items.reserve(length);
  for (size_t i = user.history.size() - length; i < user.history.size(); ++i)
    items.push_back(user.history[i].item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());

  std::vector<float> vector(dim, 0);
  if (items.empty()) {
    AddScaled(empty_, 1, vector);
  } else {
    const float scale = std::pow(static_cast<float>(items.size()), -shape_.degree_exponent);
    for (ItemRow item : items) AddScaled(history_.subspan(item * dim, dim), scale, vector);
  }
  if (user.user != kNoUser) AddScaled(user_id_.subspan(user.user * dim, dim), 1, vector);
  for (uint32_t code : user.attribute_codes)
    AddScaled(user_code_.subspan(code * dim, dim),
              1.0F / static_cast<float>(user.attribute_codes.size()), vector);
  Normalise(vector);
  return vector;
}

std::vector<float> TwoTower::SequenceVector(const EncodedUser& user,
                                            const EncodedContext& context) const {
  const size_t dim = shape_.dim;
  const size_t length = std::min<size_t>(user.history.size(), shape_.max_history);
  // The last items, oldest first; of an empty history one that stands for it.
  std::vector<ItemRow> items;
  items.reserve(std::max<size_t>(length, 1));
  for (size_t i = user.history.size() - length; i < user.history.size(); ++i)
    items.push_back(user.history[i].item);
  const bool is_empty = items.empty();
  if (is_empty) items.push_back(0);
  const std::span<const float> table = is_empty ? empty_ : item_embeddings_;
  const auto embedding = [&](size_t i) { return table.subspan(items[i] * dim, dim); };

  std::vector<float> x(4 * dim, 0);
  const std::span<float> pooled(x.data(), dim);
  const std::span<float> last(x.data() + dim, dim);
  const std::span<float> mean(x.data() + 2 * dim, dim);
  const std::span<float> side(x.data() + 3 * dim, dim);

  std::ranges::copy(embedding(items.size() - 1), last.begin());
  std::vector<float> query(dim, 0);
  AddMatrixVector(attention_, last, query);
  std::vector<float> attention(items.size());
  const float scale = 1.0F / std::sqrt(static_cast<float>(dim));
  DotProducts(query.data(), table.data(), items.data(), items.size(), dim, attention.data());
  for (size_t i = 0; i < items.size(); ++i)
    attention[i] = scale * attention[i] + recency_[items.size() - 1 - i];
  const float largest = *std::max_element(attention.begin(), attention.end());
  float total = 0;
  for (float& a : attention) total += a = std::exp(a - largest);
  for (size_t i = 0; i < items.size(); ++i) {
    AddScaled(embedding(i), attention[i] / total, pooled);
    AddScaled(embedding(i), 1.0F / static_cast<float>(items.size()), mean);
  }

  if (user.user != kNoUser) AddScaled(user_id_.subspan(user.user * dim, dim), 1, side);
  for (uint32_t code : user.attribute_codes)
    AddScaled(user_code_.subspan(code * dim, dim),
              1.0F / static_cast<float>(user.attribute_codes.size()), side);
  for (uint32_t code : context.attribute_codes)
    AddScaled(context_code_.subspan(code * dim, dim), 1, side);

  std::vector<float> hidden(b1_.begin(), b1_.end());
  AddMatrixVector(w1_, x, hidden);
  for (float& h : hidden) h = std::max(h, 0.0F);
  std::vector<float> vector(dim, 0);
  AddMatrixVector(wr_, x, vector);
  AddMatrixVector(w2_, hidden, vector);
  Normalise(vector);
  return vector;
}

}  // namespace shortlist
