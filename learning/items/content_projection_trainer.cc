#include "learning/items/content_projection_trainer.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "absl/strings/str_format.h"
#include "common/log.h"
#include "data/attribute_codes.h"
#include "features/item_factors.h"

namespace shortlist {
namespace {

using Eigen::Index;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::Array<float, 1, Eigen::Dynamic>;

// Columns that are worked on together, by one thread; the result does not depend on who does.
constexpr Index kProjectedColumns = 16;
constexpr int kMostProjectionSteps = 60;
// Conjugate gradients end when what is left over has this share of the right side's length.
constexpr float kProjectionTolerance = 1e-3F;
// One item in so many is held out to choose the penalty.
constexpr size_t kHeldOut = 5;

// Of those with a count of at least `least` the `most` with the highest, ascending.
std::vector<uint32_t> Frequent(std::span<const uint32_t> counts, uint32_t least, size_t most) {
  std::vector<uint32_t> kept;
  for (uint32_t i = 0; i < counts.size(); ++i)
    if (counts[i] >= std::max(least, 1U)) kept.push_back(i);
  if (kept.size() > most) {
    std::stable_sort(kept.begin(), kept.end(),
                     [&](uint32_t a, uint32_t b) { return counts[a] > counts[b]; });
    kept.resize(most);
    std::sort(kept.begin(), kept.end());
  }
  return kept;
}

ContentFeaturesData ChooseFeatures(const CatalogData& items, std::span<const ItemRow> trained,
                                   const ContentProjectionOptions& options) {
  ContentFeaturesData data;
  uint32_t codes = 0;
  for (const AttributeFieldData& field : items.schema) {
    data.field_begin.push_back(codes);
    codes += static_cast<uint32_t>(field.values.size());
  }
  std::vector<uint32_t> counts(codes, 0);
  for (const ItemRow item : trained)
    for (const uint32_t code : CodesOf(items.code_offsets, items.codes, item)) ++counts[code];
  data.code_rows.assign(codes, kNoContentRow);
  uint32_t row = 0;
  for (const uint32_t code : Frequent(counts, options.least_items, options.most_codes))
    data.code_rows[code] = row++;
  data.vector_dim = items.vector_dim;
  return data;
}

// Items by features, of which the last is a constant 1, and what each item counts.
struct Design {
  std::vector<size_t> offsets = {0};
  std::vector<ContentFeature> features;  // Of item i: [offsets[i], offsets[i + 1]).
  std::vector<float> weights;
  Index feature_count = 0;

  Index items() const { return static_cast<Index>(weights.size()); }
  std::span<const ContentFeature> operator[](Index item) const {
    const auto i = static_cast<size_t>(item);
    return std::span(features).subspan(offsets[i], offsets[i + 1] - offsets[i]);
  }
};

// (X^T W X + penalty I)^-1 X^T W targets.
class Ridge {
 public:
  Ridge(const Design& design, float penalty, WorkerPool& pool)
      : design_(design),
        penalty_(penalty),
        pool_(pool),
        inverse_diagonal_(design.feature_count, 1) {
    inverse_diagonal_.setConstant(penalty);
    for (Index item = 0; item < design.items(); ++item)
      for (const auto& [row, value] : design[item])
        inverse_diagonal_(row) += Weight(item) * value * value;
    inverse_diagonal_ = inverse_diagonal_.inverse().eval();
  }

  Matrix Solve(const Matrix& targets) const {
    Matrix result(design_.feature_count, targets.cols());
    pool_.ForEach(static_cast<size_t>((targets.cols() + kProjectedColumns - 1) / kProjectedColumns),
                  [&](size_t p) {
                    const Index begin = static_cast<Index>(p) * kProjectedColumns;
                    const Index count = std::min(kProjectedColumns, targets.cols() - begin);
                    result.middleCols(begin, count) =
                        SolveColumns(targets.middleCols(begin, count));
                  });
    return result;
  }

 private:
  float Weight(Index item) const { return design_.weights[static_cast<size_t>(item)]; }

  // Preconditioned by the diagonal.
  Matrix SolveColumns(const Matrix& targets) const {
    Matrix residual = Matrix::Zero(design_.feature_count, targets.cols());
    for (Index item = 0; item < design_.items(); ++item)
      for (const auto& [row, value] : design_[item])
        residual.row(row) += Weight(item) * value * targets.row(item);
    const Row enough =
        residual.colwise().squaredNorm().array() * (kProjectionTolerance * kProjectionTolerance) +
        1e-30F;
    Matrix x = Matrix::Zero(residual.rows(), residual.cols());
    Matrix scaled = residual.array().colwise() * inverse_diagonal_;
    Matrix direction = scaled;
    Row product = (residual.array() * scaled.array()).colwise().sum();
    for (int step = 0; step < kMostProjectionSteps; ++step) {
      if ((residual.colwise().squaredNorm().array() <= enough).all()) break;
      const Matrix image = Square(direction);
      const Row length = product / (direction.array() * image.array()).colwise().sum().max(1e-30F);
      x.array() += direction.array().rowwise() * length;
      residual.array() -= image.array().rowwise() * length;
      scaled = residual.array().colwise() * inverse_diagonal_;
      const Row next = (residual.array() * scaled.array()).colwise().sum();
      direction = (scaled.array() + direction.array().rowwise() * (next / product.max(1e-30F)))
                      .matrix()
                      .eval();
      product = next;
    }
    return x;
  }

  // (X^T W X + penalty I) q.
  Matrix Square(const Matrix& q) const {
    Matrix result = penalty_ * q;
    Eigen::RowVectorXf told(q.cols());
    for (Index item = 0; item < design_.items(); ++item) {
      told.setZero();
      for (const auto& [row, value] : design_[item]) told += value * q.row(row);
      told *= Weight(item);
      for (const auto& [row, value] : design_[item]) result.row(row) += value * told;
    }
    return result;
  }

  const Design& design_;
  const float penalty_;
  WorkerPool& pool_;
  Eigen::ArrayXf inverse_diagonal_;
};

class ContentFit {
 public:
  ContentFit(const CatalogData& items, const ContentProjectionOptions& options, WorkerPool& pool)
      : items_(items), options_(options), pool_(pool) {
    trained_ = Frequent(items.interaction_counts, 1, options.most_items);
  }

  std::optional<ContentProjectionData> Run(const ContentTargets& targets) {
    ContentProjectionData data{.features = ChooseFeatures(items_, trained_, options_),
                               .tables = {}};
    MakeDesign(data.features);
    if (trained_.empty()) return std::nullopt;
    float penalty = options_.penalties.front();
    for (size_t t = 0; t < targets.size(); ++t) {
      if (targets[t].dim == 0) continue;
      Matrix rows = ReadRows(targets[t]);
      const Eigen::RowVectorXf mean = TakeMean(rows);
      if (t == 0) penalty = ChoosePenalty(rows, mean);
      const Matrix weights = Ridge(design_, penalty, pool_).Solve(rows);
      data.tables[t] = Encoded(mean, weights);
    }
    return data;
  }

 private:
  void MakeDesign(const ContentFeaturesData& features) {
    ArrayFileWriter writer;
    AddContentFeatures(writer, features);
    const ArrayFile file = ArrayFile::InMemory(writer, "content features").value();
    const ContentFeatures encoder = ContentFeatures::Open(file).value();
    std::vector<ItemRow> with_content;
    const uint32_t constant = encoder.row_count();
    design_.feature_count = constant + Index{1};
    for (const ItemRow item : trained_) {
      const std::vector<ContentFeature> encoded = encoder.Encode(ContentOf(items_, item));
      if (encoded.empty()) continue;
      with_content.push_back(item);
      design_.features.insert(design_.features.end(), encoded.begin(), encoded.end());
      design_.features.push_back({constant, 1});
      design_.offsets.push_back(design_.features.size());
      design_.weights.push_back(std::sqrt(
          static_cast<float>(std::min(items_.interaction_counts[item], options_.most_counted))));
    }
    trained_ = std::move(with_content);
  }

  Matrix ReadRows(const ContentTarget& target) const {
    Matrix rows(design_.items(), static_cast<Index>(target.dim));
    pool_.ForEachRange(trained_.size(), [&](size_t, size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i)
        target.read_row(trained_[i], {rows.row(static_cast<Index>(i)).data(), target.dim});
    });
    return rows;
  }

  // Of the items by their weights; subtracted from the rows.
  Eigen::RowVectorXf TakeMean(Matrix& rows) const {
    const Eigen::Map<const Eigen::RowVectorXf> weights(design_.weights.data(), design_.items());
    Eigen::RowVectorXf mean = weights * rows / weights.sum();
    rows.rowwise() -= mean;
    return mean;
  }

  // That with which vectors of items that the fit has not seen are most like their own.
  float ChoosePenalty(const Matrix& rows, const Eigen::RowVectorXf& mean) const {
    if (options_.penalties.size() == 1 || trained_.size() < kHeldOut)
      return options_.penalties.front();
    std::vector<uint32_t> order(trained_.size());
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(options_.seed);
    std::shuffle(order.begin(), order.end(), random);
    const std::span<const uint32_t> held_out(order.data(), order.size() / kHeldOut);
    Design seen = design_;
    for (const uint32_t i : held_out) seen.weights[i] = 0;
    float best = options_.penalties.front();
    double best_cosine = -1;
    for (const float penalty : options_.penalties) {
      const Matrix weights = Ridge(seen, penalty, pool_).Solve(rows);
      double sum = 0, total = 0;
      for (const uint32_t i : held_out) {
        Eigen::RowVectorXf guess = mean;
        for (const auto& [row, value] : design_[i]) guess += value * weights.row(row);
        const Eigen::RowVectorXf own = mean + rows.row(i);
        const float cosine = guess.dot(own) / std::max(1e-20F, guess.norm() * own.norm());
        sum += static_cast<double>(design_.weights[i]) * cosine;
        total += design_.weights[i];
      }
      const double cosine = sum / total;
      LogInfo(absl::StrFormat("content of items: penalty %g, held-out items' cosine %.4f", penalty,
                              cosine));
      if (cosine > best_cosine) {
        best_cosine = cosine;
        best = penalty;
      }
    }
    return best;
  }

  ContentProjectionData::Table Encoded(const Eigen::RowVectorXf& mean,
                                       const Matrix& weights) const {
    const auto dim = static_cast<size_t>(weights.cols());
    const size_t size = FactorRowSize(dim);
    ContentProjectionData::Table table{
        .dim = dim, .rows = std::vector<int8_t>(static_cast<size_t>(weights.rows()) * size)};
    const Eigen::RowVectorXf bias = mean + weights.bottomRows(1);
    EncodeFactors({bias.data(), dim}, std::span(table.rows).first(size));
    for (Index row = 0; row + 1 < weights.rows(); ++row)
      EncodeFactors({weights.row(row).data(), dim},
                    std::span(table.rows).subspan((static_cast<size_t>(row) + 1) * size, size));
    return table;
  }

  const CatalogData& items_;
  const ContentProjectionOptions& options_;
  WorkerPool& pool_;
  std::vector<ItemRow> trained_;  // With interactions and content.
  Design design_;                 // Of these.
};

}  // namespace

ItemContent ContentOf(const CatalogData& items, ItemRow item) {
  return {.codes = CodesOf(items.code_offsets, items.codes, item),
          .vector =
              std::span(items.vectors).subspan(size_t{item} * items.vector_dim, items.vector_dim)};
}

std::optional<ContentProjectionData> FitContentProjection(const CatalogData& items,
                                                          const ContentTargets& targets,
                                                          const ContentProjectionOptions& options,
                                                          WorkerPool& pool) {
  return ContentFit(items, options, pool).Run(targets);
}

}  // namespace shortlist
