#include "retrieval/index/clustering.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "retrieval/index/code_kernels.h"
#include "retrieval/index/item_codes.h"

namespace shortlist {
namespace {

constexpr size_t kIterations = 8;
// More vectors than this per cluster hardly make the centres better.
constexpr size_t kSamplePerCluster = 64;
constexpr size_t kRowsAtOnce = 4096;
// Centres scored at once: their codes and scores stay in the cache.
constexpr size_t kCentresAtOnce = 512;

using Rows = std::span<const uint32_t>;

class SphericalKMeans {
 public:
  SphericalKMeans(std::span<const float> embeddings, size_t dim, size_t clusters,
                  WorkerPool& workers)
      : embeddings_(embeddings),
        dim_(dim),
        clusters_(clusters),
        workers_(workers),
        centres_(clusters * dim),
        codes_(clusters * ByteStride(dim)) {}

  // Each centre becomes the direction of one row.
  void StartFrom(Rows rows) {
    for (size_t c = 0; c < clusters_; ++c) {
      std::span<const float> vector = Vector(rows[c]);
      std::copy(vector.begin(), vector.end(), Centre(c).begin());
      Normalise(Centre(c));
    }
    Encode();
  }

  // cluster_of[i] becomes the nearest centre of rows[i].
  void Assign(Rows rows, std::span<uint32_t> cluster_of,
              const std::function<void(size_t)>& done) const {
    for (size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce) {
      const size_t count = std::min(kRowsAtOnce, rows.size() - begin);
      workers_.ForEachRange(count, [&](size_t, size_t first, size_t last) {
        QueryCode query;
        std::vector<int32_t> scores(kCentresAtOnce);
        for (size_t i = begin + first; i < begin + last; ++i) {
          query.Assign(Vector(rows[i]));
          cluster_of[i] = Nearest(query, scores);
        }
      });
      done(count);
    }
  }

  // Each centre becomes the mean direction of the rows assigned to it; one without rows, that of a
  // random row, from where it can take over a part of a large cluster.
  void Move(Rows rows, std::span<const uint32_t> cluster_of, std::mt19937_64& random) {
    // Rows by cluster, so that each centre is summed by one thread in one order.
    std::vector<uint32_t> begins(clusters_ + 1, 0);
    for (uint32_t cluster : cluster_of) ++begins[cluster + 1];
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    std::vector<uint32_t> by_cluster(rows.size()), next(begins.begin(), begins.end() - 1);
    for (size_t i = 0; i < rows.size(); ++i) by_cluster[next[cluster_of[i]]++] = rows[i];

    workers_.ForEachRange(clusters_, [&](size_t, size_t first, size_t last) {
      std::vector<float> direction(dim_);
      for (size_t c = first; c < last; ++c) {
        std::span<float> centre = Centre(c);
        std::fill(centre.begin(), centre.end(), 0.0F);
        for (uint32_t i = begins[c]; i < begins[c + 1]; ++i) {
          std::span<const float> vector = Vector(by_cluster[i]);
          std::copy(vector.begin(), vector.end(), direction.begin());
          Normalise(direction);
          for (size_t d = 0; d < dim_; ++d) centre[d] += direction[d];
        }
      }
    });
    for (size_t c = 0; c < clusters_; ++c) {
      if (begins[c] == begins[c + 1]) {
        std::span<const float> vector = Vector(rows[random() % rows.size()]);
        std::copy(vector.begin(), vector.end(), Centre(c).begin());
      }
      Normalise(Centre(c));
    }
    Encode();
  }

 private:
  std::span<const float> Vector(uint32_t row) const {
    return embeddings_.subspan(row * dim_, dim_);
  }
  std::span<float> Centre(size_t c) { return std::span(centres_).subspan(c * dim_, dim_); }

  static void Normalise(std::span<float> vector) {
    double squares = 0;
    for (float x : vector) squares += static_cast<double>(x) * x;
    if (squares == 0) return;
    const auto factor = static_cast<float>(1 / std::sqrt(squares));
    for (float& x : vector) x *= factor;
  }

  void Encode() {
    const float scale = CodeScale(centres_);
    for (size_t c = 0; c < clusters_; ++c)
      EncodeBytes(Centre(c), scale, codes_.data() + c * ByteStride(dim_));
  }

  uint32_t Nearest(const QueryCode& query, std::span<int32_t> scores) const {
    const size_t stride = ByteStride(dim_);
    int32_t best = std::numeric_limits<int32_t>::min();
    size_t nearest = 0;
    for (size_t begin = 0; begin < clusters_; begin += kCentresAtOnce) {
      const size_t count = std::min(kCentresAtOnce, clusters_ - begin);
      ScoreBytes(codes_.data() + begin * stride, stride, count, query.codes(), scores.data());
      const int32_t largest = LargestScore(scores.data(), count);
      if (largest <= best) continue;
      best = largest;
      nearest = begin + static_cast<size_t>(std::find(scores.begin(), scores.end(), largest) -
                                            scores.begin());
    }
    return static_cast<uint32_t>(nearest);
  }

  std::span<const float> embeddings_;
  size_t dim_;
  size_t clusters_;
  WorkerPool& workers_;
  std::vector<float> centres_;  // Of length 1.
  std::vector<uint8_t> codes_;  // The centres'.
};

}  // namespace

std::vector<uint32_t> ClusterVectors(std::span<const float> embeddings, size_t dim, size_t clusters,
                                     uint64_t seed, WorkerPool& workers,
                                     const std::function<void(size_t, size_t)>& progress) {
  const size_t rows = embeddings.size() / dim;
  std::vector<uint32_t> all(rows);
  std::iota(all.begin(), all.end(), 0);
  std::mt19937_64 random(seed);
  // A random sample of distinct rows, in random order: the first ones are where the centres start.
  const size_t sample_size = std::min(rows, clusters * kSamplePerCluster);
  std::vector<uint32_t> sample = all;
  for (size_t i = 0; i < sample_size; ++i) std::swap(sample[i], sample[i + random() % (rows - i)]);
  sample.resize(sample_size);

  const size_t total = sample_size * kIterations + rows;
  size_t done = 0;
  auto report = [&](size_t count) { progress(done += count, total); };
  SphericalKMeans k_means(embeddings, dim, clusters, workers);
  k_means.StartFrom(sample);
  std::vector<uint32_t> cluster_of(rows);
  for (size_t iteration = 0; iteration < kIterations; ++iteration) {
    k_means.Assign(sample, std::span(cluster_of).first(sample_size), report);
    k_means.Move(sample, std::span(cluster_of).first(sample_size), random);
  }
  k_means.Assign(all, cluster_of, report);
  return cluster_of;
}

}  // namespace shortlist
