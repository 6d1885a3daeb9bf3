#include "learning/towers/two_tower_parameters.h"

#include <cmath>
#include <random>
#include <utility>

#include "common/array_file.h"
#include "features/request_schema.h"

namespace shortlist {
namespace {

uint32_t CodeCount(const std::vector<AttributeFieldData>& schema) {
  size_t count = 0;
  for (const AttributeFieldData& field : schema) count += field.values.size();
  return static_cast<uint32_t>(count);
}

void FillNormal(Matrix& matrix, float deviation, std::mt19937_64& random) {
  std::normal_distribution<float> normal(0, deviation);
  for (float& x : matrix.reshaped()) x = normal(random);
}

std::span<const float> Flat(const Matrix& matrix) {
  return {matrix.data(), static_cast<size_t>(matrix.size())};
}

}  // namespace

std::vector<Matrix*> TwoTowerParameters::All() {
  return {&item_id, &item_code, &user_id, &user_code, &context_code, &attention,
          &recency, &empty,     &w1,      &b1,        &w2,           &wr};
}

std::vector<const Matrix*> TwoTowerParameters::All() const {
  std::vector<Matrix*> all = const_cast<TwoTowerParameters*>(this)->All();
  return {all.begin(), all.end()};
}

TwoTowerParameters ZeroTwoTowerParameters(const TwoTowerShape& shape, const Dataset& dataset) {
  const auto dim = static_cast<Eigen::Index>(shape.dim);
  const auto hidden = static_cast<Eigen::Index>(shape.hidden);
  auto table = [&](size_t rows) {
    return Matrix::Zero(static_cast<Eigen::Index>(rows), dim).eval();
  };
  TwoTowerParameters p;
  p.item_id = table(dataset.items.ids.size());
  p.item_code = table(CodeCount(dataset.items.schema));
  p.user_id = table(dataset.user_ids.size());
  p.user_code = table(CodeCount(dataset.user_attributes.schema));
  p.context_code = table(CodeCount(dataset.context_attributes.schema));
  p.attention = Matrix::Zero(dim, dim);
  p.recency = Matrix::Zero(1, shape.max_history);
  p.empty = Matrix::Zero(1, dim);
  p.w1 = Matrix::Zero(hidden, 4 * dim);
  p.b1 = Matrix::Zero(1, hidden);
  p.w2 = Matrix::Zero(dim, hidden);
  p.wr = Matrix::Zero(dim, 4 * dim);
  return p;
}

TwoTowerParameters InitialTwoTowerParameters(const TwoTowerShape& shape, const Dataset& dataset,
                                             uint64_t seed) {
  TwoTowerParameters p = ZeroTwoTowerParameters(shape, dataset);
  std::mt19937_64 random(seed);
  const float unit = 1.0F / std::sqrt(static_cast<float>(shape.dim));
  // Item vectors are normalised, so the scale of their embeddings only sets how fast they turn.
  FillNormal(p.item_id, 0.5F * unit, random);
  FillNormal(p.item_code, 0.5F * unit, random);
  FillNormal(p.user_id, 0.1F * unit, random);
  FillNormal(p.user_code, 0.1F * unit, random);
  FillNormal(p.context_code, 0.1F * unit, random);
  FillNormal(p.attention, 0.1F * unit, random);
  FillNormal(p.empty, unit, random);
  FillNormal(p.w1, 0.5F * unit, random);
  FillNormal(p.w2, 0.5F / std::sqrt(static_cast<float>(shape.hidden)), random);
  for (Eigen::Index block = 0; block < 4; ++block)
    p.wr.middleCols(block * p.wr.rows(), p.wr.rows()).setIdentity();
  return p;
}

Matrix ItemEmbeddings(const TwoTowerParameters& parameters, const Dataset& dataset) {
  Matrix embeddings = parameters.item_id;
  for (Eigen::Index item = 0; item < embeddings.rows(); ++item) {
    const std::span<const uint32_t> codes = CodesOf(dataset.items, static_cast<ItemRow>(item));
    for (uint32_t code : codes)
      embeddings.row(item) += parameters.item_code.row(code) / static_cast<float>(codes.size());
  }
  for (Eigen::Index item = 0; item < embeddings.rows(); ++item) {
    const float norm = embeddings.row(item).norm();
    if (norm > 0) {
      embeddings.row(item) /= norm;
    } else {
      embeddings(item, 0) = 1;  // Nothing is known: any direction will do.
    }
  }
  return embeddings;
}

absl::Status WriteTwoTower(const TrainedTowers& towers, const Dataset& dataset,
                           const std::filesystem::path& path) {
  const std::span<const float> embeddings = Flat(towers.item_embeddings);
  return WriteTwoTower(
      towers, dataset, static_cast<size_t>(towers.item_embeddings.rows()),
      [&](size_t from) { return embeddings.subspan(from); }, path);
}

absl::Status WriteTwoTower(const TrainedTowers& towers, const Dataset& dataset, size_t items,
                           std::function<std::span<const float>(size_t)> make,
                           const std::filesystem::path& path) {
  const TwoTowerShape& shape = towers.shape;
  const TwoTowerParameters& user = towers.user_tower;
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>(
      "shape", {static_cast<uint32_t>(shape.kind), shape.dim, shape.hidden, shape.max_history});
  writer.AddOwned<float>("degree_exponent", {shape.degree_exponent});
  AddRequestSchema(writer, dataset.user_ids, dataset.user_attributes.schema,
                   dataset.context_attributes.schema);
  writer.AddMade<float>("item_embeddings", items * shape.dim, std::move(make));
  writer.Add("empty", Flat(user.empty));
  writer.Add("user_id", Flat(user.user_id));
  writer.Add("user_code", Flat(user.user_code));
  if (shape.kind == TowerKind::kBag) {
    writer.Add("history", Flat(towers.history));
  } else {
    writer.Add("context_code", Flat(user.context_code));
    writer.Add("attention", Flat(user.attention));
    writer.Add("recency", Flat(user.recency));
    writer.Add("w1", Flat(user.w1));
    writer.Add("b1", Flat(user.b1));
    writer.Add("w2", Flat(user.w2));
    writer.Add("wr", Flat(user.wr));
  }
  return writer.Write(path);
}

}  // namespace shortlist
