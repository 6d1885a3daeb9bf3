#include "retrieval/index/clustering.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/random_vectors.h"

namespace shortlist {
namespace {

std::vector<uint32_t> Cluster(const std::vector<float>& vectors, size_t dim, size_t clusters,
                              size_t threads = 2) {
  WorkerPool workers(threads);
  size_t done = 0, total = 0;
  std::vector<uint32_t> result =
      ClusterVectors(vectors, dim, clusters, 1, workers, [&](size_t now, size_t all) {
        EXPECT_GT(now, done);
        done = now;
        total = all;
      });
  EXPECT_EQ(done, total);
  return result;
}

TEST(ClusterVectors, FindsClustersThatAreFarApart) {
  constexpr size_t kDim = 16, kCount = 2000, kTrue = 5;
  // Without spread, every vector of a cluster is the same.
  std::vector<float> vectors = ClusteredUnitVectors(kCount, kDim, kTrue, 3, 0.0F);
  std::vector<uint32_t> cluster_of = Cluster(vectors, kDim, 40);
  std::set<uint32_t> used(cluster_of.begin(), cluster_of.end());
  EXPECT_EQ(used.size(), kTrue);
  for (size_t i = 1; i < kCount; ++i) {
    const bool equal =
        std::equal(&vectors[i * kDim], &vectors[(i + 1) * kDim - 1] + 1, &vectors[0]);
    EXPECT_EQ(cluster_of[i] == cluster_of[0], equal);
  }
}

TEST(ClusterVectors, GivesTheSameClustersWhateverTheNumberOfThreads) {
  std::vector<float> vectors = ClusteredUnitVectors(5000, 12, 30, 4);
  EXPECT_EQ(Cluster(vectors, 12, 50, 1), Cluster(vectors, 12, 50, 3));
}

TEST(ClusterVectors, KeepsClustersAlikeInSizeAndInRange) {
  std::vector<float> vectors = ClusteredUnitVectors(5000, 12, 30, 5);
  std::vector<size_t> sizes(50, 0);
  for (uint32_t cluster : Cluster(vectors, 12, 50)) {
    ASSERT_LT(cluster, 50);
    ++sizes[cluster];
  }
  EXPECT_THAT(sizes, ::testing::Each(::testing::Le(5000 / 50 * 5)));
}

TEST(ClusterVectors, WorksWithZeroVectorsAndAsManyClustersAsVectors) {
  EXPECT_EQ(Cluster(std::vector<float>(30, 0.0F), 3, 10).size(), 10);
}

}  // namespace
}  // namespace shortlist
