#include "learning/towers/two_tower_network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "learning/towers/unit_rows.h"

namespace shortlist {
namespace {

using Eigen::Index;

// A counter-based generator (splitmix64, Steele et al. 2014): the same number for the same
// position, whichever thread asks.
float UniformAt(uint64_t seed, uint64_t position) {
  uint64_t z = seed + (position + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  return static_cast<float>(z >> 40) * 0x1p-24F;
}

}  // namespace

TwoTowerNetwork::TwoTowerNetwork(const TwoTowerShape& shape, const Dataset& dataset,
                                 WorkerPool& pool)
    : shape_(shape), dataset_(dataset), pool_(pool), softmax_(pool) {
  local_row_.assign(dataset.items.ids.size(), kNoItem);
  sums_.resize(pool.threads());
}

double TwoTowerNetwork::LossAndGradients(const TwoTowerParameters& parameters,
                                         const TowerBatch& batch, float temperature,
                                         const TowerDropout& dropout,
                                         TwoTowerParameters& gradients) {
  const size_t examples = batch.examples.size();
  CollectItems(batch);
  ItemForward(parameters, dropout);
  CollectHistories(batch.examples, static_cast<uint32_t>(items_.size()));
  Resize(examples);
  pool_.ForEachRange(examples, [&](size_t, size_t begin, size_t end) {
    UserForward(parameters, batch.examples, dropout, begin, end);
  });
  SoftmaxTargets targets;
  for (const TowerExample& example : batch.examples)
    targets.Add({&example.target, 1}, 1.0F / static_cast<float>(examples));
  const double loss = softmax_.Run(
      user_vectors_, item_vectors_.topRows(static_cast<Index>(batch.candidates.size())),
      batch.log_q, targets, temperature, d_user_vectors_, d_candidates_);

  std::vector<char> used(pool_.threads(), 0);
  pool_.ForEachRange(examples, [&](size_t thread, size_t begin, size_t end) {
    Sums& sums = sums_[thread];
    sums.item_vectors.setZero(item_vectors_.rows(), shape_.dim);
    sums.attention.setZero(parameters.attention.rows(), parameters.attention.cols());
    sums.recency.setZero(1, parameters.recency.cols());
    UserBackward(parameters, begin, end, sums);
    used[thread] = 1;
  });

  // Threads' sums are added in a fixed order, so that the result does not depend on timing.
  for (size_t thread = 0; thread < sums_.size(); ++thread) {
    if (!used[thread]) continue;
    Sums& sums = sums_[thread];
    auto add = [&](Matrix& total, const Matrix& part) {
      if (thread == 0) {
        total = part;
      } else {
        total += part;
      }
    };
    add(gradients.attention, sums.attention);
    add(gradients.recency, sums.recency);
    add(gradients.w1, sums.w1);
    add(gradients.b1, sums.b1);
    add(gradients.w2, sums.w2);
    add(gradients.wr, sums.wr);
    if (thread > 0) sums_[0].item_vectors += sums.item_vectors;
  }
  ItemBackward(gradients);
  SideBackward(batch, gradients);
  for (ItemRow item : items_) local_row_[item] = kNoItem;
  return loss;
}

Matrix TwoTowerNetwork::UserVectors(const TwoTowerParameters& parameters,
                                    const Matrix& item_embeddings,
                                    std::span<const TowerExample> examples) {
  const auto items = static_cast<uint32_t>(item_embeddings.rows());
  item_vectors_.resize(items + 1, shape_.dim);
  item_vectors_.topRows(items) = item_embeddings;
  item_vectors_.row(items) = parameters.empty;
  std::iota(local_row_.begin(), local_row_.end(), 0);
  CollectHistories(examples, items);
  std::fill(local_row_.begin(), local_row_.end(), kNoItem);
  Resize(examples.size());
  pool_.ForEachRange(examples.size(), [&](size_t, size_t begin, size_t end) {
    UserForward(parameters, examples, {}, begin, end);
  });
  return user_vectors_;
}

void TwoTowerNetwork::CollectItems(const TowerBatch& batch) {
  items_.assign(batch.candidates.begin(), batch.candidates.end());
  for (uint32_t c = 0; c < batch.candidates.size(); ++c) local_row_[batch.candidates[c]] = c;
  for (const TowerExample& example : batch.examples) {
    const size_t skip =
        example.history.size() - std::min<size_t>(example.history.size(), shape_.max_history);
    for (ItemRow item : example.history.subspan(skip)) {
      if (local_row_[item] != kNoItem) continue;
      local_row_[item] = static_cast<uint32_t>(items_.size());
      items_.push_back(item);
    }
  }
}

void TwoTowerNetwork::ItemForward(const TwoTowerParameters& parameters,
                                  const TowerDropout& dropout) {
  const size_t items = items_.size();
  item_vectors_.resize(static_cast<Index>(items) + 1, shape_.dim);
  item_norms_.resize(items);
  item_id_kept_.resize(items);
  pool_.ForEachRange(items, [&](size_t, size_t begin, size_t end) {
    for (size_t r = begin; r < end; ++r) {
      const ItemRow item = items_[r];
      const std::span<const uint32_t> codes = CodesOf(dataset_.items, item);
      const bool drop = !codes.empty() && UniformAt(~dropout.seed, item) < dropout.item_id;
      item_id_kept_[r] = drop ? 0.0F : 1.0F;
      auto vector = item_vectors_.row(static_cast<Index>(r));
      vector = item_id_kept_[r] * parameters.item_id.row(item);
      for (uint32_t code : codes)
        vector += parameters.item_code.row(code) / static_cast<float>(codes.size());
      item_norms_[r] = NormaliseRow(vector);
    }
  });
  item_vectors_.row(static_cast<Index>(items)) = parameters.empty;
}

void TwoTowerNetwork::CollectHistories(std::span<const TowerExample> examples, uint32_t empty_row) {
  history_.clear();
  history_begin_.assign(1, 0);
  for (const TowerExample& example : examples) {
    const size_t skip =
        example.history.size() - std::min<size_t>(example.history.size(), shape_.max_history);
    for (ItemRow item : example.history.subspan(skip)) history_.push_back(local_row_[item]);
    if (example.history.empty()) history_.push_back(empty_row);
    history_begin_.push_back(history_.size());
  }
  attention_.resize(history_.size());
}

void TwoTowerNetwork::Resize(size_t examples) {
  const auto rows = static_cast<Index>(examples);
  const auto dim = static_cast<Index>(shape_.dim);
  last_.resize(rows, dim);
  query_.resize(rows, dim);
  x_.resize(rows, 4 * dim);
  mask_.resize(rows, 4 * dim);
  hidden_.resize(rows, shape_.hidden);
  user_vectors_.resize(rows, dim);
  d_side_.resize(rows, dim);
  user_norms_.resize(examples);
}

void TwoTowerNetwork::UserForward(const TwoTowerParameters& parameters,
                                  std::span<const TowerExample> examples,
                                  const TowerDropout& dropout, size_t begin, size_t end) {
  const auto first = static_cast<Index>(begin);
  const auto rows = static_cast<Index>(end - begin);
  for (size_t i = begin; i < end; ++i)
    last_.row(static_cast<Index>(i)) = item_vectors_.row(HistoryOf(i).back());
  query_.middleRows(first, rows).noalias() =
      last_.middleRows(first, rows) * parameters.attention.transpose();
  for (size_t i = begin; i < end; ++i) {
    PoolHistory(parameters, i);
    AddSide(parameters, examples[i], i);
    DropInputs(dropout, i);
  }

  auto x = x_.middleRows(first, rows);
  auto hidden = hidden_.middleRows(first, rows);
  hidden.noalias() = x * parameters.w1.transpose();
  hidden.rowwise() += parameters.b1.row(0);
  hidden = hidden.cwiseMax(0.0F);
  auto vectors = user_vectors_.middleRows(first, rows);
  vectors.noalias() = x * parameters.wr.transpose();
  vectors.noalias() += hidden * parameters.w2.transpose();
  for (size_t i = begin; i < end; ++i)
    user_norms_[i] = NormaliseRow(user_vectors_.row(static_cast<Index>(i)));
}

void TwoTowerNetwork::PoolHistory(const TwoTowerParameters& parameters, size_t example) {
  const auto dim = static_cast<Index>(shape_.dim);
  const auto row = static_cast<Index>(example);
  const float scale = 1.0F / std::sqrt(static_cast<float>(dim));
  const std::span<const uint32_t> history = HistoryOf(example);
  float* attention = attention_.data() + history_begin_[example];
  float largest = -std::numeric_limits<float>::infinity();
  for (size_t j = 0; j < history.size(); ++j) {
    attention[j] = scale * query_.row(row).dot(item_vectors_.row(history[j])) +
                   parameters.recency(0, static_cast<Index>(history.size() - 1 - j));
    largest = std::max(largest, attention[j]);
  }
  float total = 0;
  for (size_t j = 0; j < history.size(); ++j)
    total += attention[j] = std::exp(attention[j] - largest);

  auto x = x_.row(row);
  x.setZero();
  for (size_t j = 0; j < history.size(); ++j) {
    attention[j] /= total;
    x.segment(0, dim) += attention[j] * item_vectors_.row(history[j]);
    x.segment(2 * dim, dim) += item_vectors_.row(history[j]);
  }
  x.segment(dim, dim) = last_.row(row);
  x.segment(2 * dim, dim) /= static_cast<float>(history.size());
}

void TwoTowerNetwork::AddSide(const TwoTowerParameters& parameters, const TowerExample& example,
                              size_t row) {
  const auto dim = static_cast<Index>(shape_.dim);
  auto side = x_.row(static_cast<Index>(row)).segment(3 * dim, dim);
  if (example.user != kNoUser) side += parameters.user_id.row(example.user);
  for (uint32_t code : example.user_codes)
    side += parameters.user_code.row(code) / static_cast<float>(example.user_codes.size());
  for (uint32_t code : example.context_codes) side += parameters.context_code.row(code);
}

void TwoTowerNetwork::DropInputs(const TowerDropout& dropout, size_t example) {
  auto mask = mask_.row(static_cast<Index>(example));
  if (dropout.input <= 0) {
    mask.setOnes();
    return;
  }
  const auto inputs = static_cast<size_t>(mask.size());
  for (size_t d = 0; d < inputs; ++d)
    mask[static_cast<Index>(d)] = UniformAt(dropout.seed, example * inputs + d) < dropout.input
                                      ? 0.0F
                                      : 1.0F / (1.0F - dropout.input);
  x_.row(static_cast<Index>(example)).array() *= mask.array();
}

void TwoTowerNetwork::UserBackward(const TwoTowerParameters& parameters, size_t begin, size_t end,
                                   Sums& sums) {
  const auto dim = static_cast<Index>(shape_.dim);
  const auto first = static_cast<Index>(begin);
  const auto rows = static_cast<Index>(end - begin);
  Matrix d_vector = d_user_vectors_.middleRows(first, rows);
  for (Index i = 0; i < rows; ++i)
    NormaliseRowBackward(user_vectors_.row(first + i), user_norms_[begin + static_cast<size_t>(i)],
                         d_vector.row(i));
  const auto x = x_.middleRows(first, rows);
  const auto hidden = hidden_.middleRows(first, rows);
  Matrix d_hidden = d_vector * parameters.w2;
  d_hidden.array() *= (hidden.array() > 0.0F).cast<float>();
  Matrix d_x = d_vector * parameters.wr;
  d_x.noalias() += d_hidden * parameters.w1;
  d_x.array() *= mask_.middleRows(first, rows).array();
  sums.wr.noalias() = d_vector.transpose() * x;
  sums.w2.noalias() = d_vector.transpose() * hidden;
  sums.w1.noalias() = d_hidden.transpose() * x;
  sums.b1 = d_hidden.colwise().sum();
  d_side_.middleRows(first, rows) = d_x.rightCols(dim);

  Matrix d_query = Matrix::Zero(rows, dim);
  for (Index i = 0; i < rows; ++i)
    PoolHistoryBackward(begin + static_cast<size_t>(i), d_x.row(i), d_query.row(i), sums);
  sums.attention.noalias() = d_query.transpose() * last_.middleRows(first, rows);
  const Matrix d_last = d_x.middleCols(dim, dim) + d_query * parameters.attention;
  for (Index i = 0; i < rows; ++i)
    sums.item_vectors.row(HistoryOf(begin + static_cast<size_t>(i)).back()) += d_last.row(i);
}

void TwoTowerNetwork::PoolHistoryBackward(size_t example, Eigen::Ref<const Eigen::RowVectorXf> d_x,
                                          Eigen::Ref<Eigen::RowVectorXf> d_query, Sums& sums) {
  const auto dim = static_cast<Index>(shape_.dim);
  const auto row = static_cast<Index>(example);
  const float scale = 1.0F / std::sqrt(static_cast<float>(dim));
  const std::span<const uint32_t> history = HistoryOf(example);
  const float* attention = attention_.data() + history_begin_[example];
  const auto d_pooled = d_x.segment(0, dim);
  const auto d_mean = d_x.segment(2 * dim, dim) / static_cast<float>(history.size());
  std::vector<float> d_attention(history.size());
  float average = 0;
  for (size_t j = 0; j < history.size(); ++j) {
    d_attention[j] = d_pooled.dot(item_vectors_.row(history[j]));
    average += attention[j] * d_attention[j];
  }
  for (size_t j = 0; j < history.size(); ++j) {
    const float d_logit = attention[j] * (d_attention[j] - average);
    sums.item_vectors.row(history[j]) +=
        attention[j] * d_pooled + d_mean + (scale * d_logit) * query_.row(row);
    d_query += (scale * d_logit) * item_vectors_.row(history[j]);
    sums.recency(0, static_cast<Index>(history.size() - 1 - j)) += d_logit;
  }
}

void TwoTowerNetwork::ItemBackward(TwoTowerParameters& gradients) {
  // The first thread's sum has become the total of the histories' part.
  Matrix& d_vectors = sums_[0].item_vectors;
  d_vectors.topRows(d_candidates_.rows()) += d_candidates_;
  gradients.empty = d_vectors.row(static_cast<Index>(items_.size()));
  std::vector<char> used(sums_.size(), 0);
  pool_.ForEachRange(items_.size(), [&](size_t thread, size_t begin, size_t end) {
    Matrix& d_code = sums_[thread].item_code;
    d_code.setZero(gradients.item_code.rows(), gradients.item_code.cols());
    for (size_t r = begin; r < end; ++r) {
      const auto row = static_cast<Index>(r);
      auto d_vector = d_vectors.row(row);
      NormaliseRowBackward(item_vectors_.row(row), item_norms_[r], d_vector);
      const ItemRow item = items_[r];
      gradients.item_id.row(item) = item_id_kept_[r] * d_vector;
      const std::span<const uint32_t> codes = CodesOf(dataset_.items, item);
      for (uint32_t code : codes) d_code.row(code) += d_vector / static_cast<float>(codes.size());
    }
    used[thread] = 1;
  });
  gradients.item_code.setZero();
  for (size_t thread = 0; thread < sums_.size(); ++thread) {
    if (used[thread]) gradients.item_code += sums_[thread].item_code;
  }
}

void TwoTowerNetwork::SideBackward(const TowerBatch& batch, TwoTowerParameters& gradients) {
  users_.clear();
  for (const TowerExample& example : batch.examples) {
    if (example.user != kNoUser) users_.push_back(example.user);
  }
  std::sort(users_.begin(), users_.end());
  users_.erase(std::unique(users_.begin(), users_.end()), users_.end());
  for (uint32_t user : users_) gradients.user_id.row(user).setZero();
  gradients.user_code.setZero();
  gradients.context_code.setZero();
  for (size_t i = 0; i < batch.examples.size(); ++i) {
    const TowerExample& example = batch.examples[i];
    const auto d_side = d_side_.row(static_cast<Index>(i));
    if (example.user != kNoUser) gradients.user_id.row(example.user) += d_side;
    for (uint32_t code : example.user_codes)
      gradients.user_code.row(code) += d_side / static_cast<float>(example.user_codes.size());
    for (uint32_t code : example.context_codes) gradients.context_code.row(code) += d_side;
  }
}

}  // namespace shortlist
