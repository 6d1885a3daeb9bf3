// A made-up catalog of any size with its users: what measuring latency needs, without training.
//
// Items lie in clusters of a space of few dimensions that a random network bends into `dim`. How
// popular they are follows a power law. A user takes items of three clusters, popular ones more
// often, so that what the user tower makes of a history lies between clusters, where there are few
// items. The user tower is the one that training starts from, which averages its inputs; the
// weights of both heads are random, so that what is recommended means nothing.
//
// Items "i0"... have the attributes
//   category     their cluster, 300 values
//   tag          one to three of 40 values
//   price        a number
//   selectivity  "50%", "10%", "1%", "0.1%": as many items, drawn apart, have each of these values
// and users "u0"... age, gender and country. With the time of a request and its device known, some
// 45 features of a candidate are not zero.
//
//   SyntheticCatalog catalog({.items = 1'000'000});
//   RETURN_IF_ERROR(catalog.WriteBundle(publisher.staging()));
//   catalog.MakeUser(42, state);
//
// The same for the same options, whatever the number of threads. Const functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/parallel.h"
#include "data/dataset.h"
#include "features/catalog.h"
#include "features/encoded_request.h"
#include "features/user_state.h"
#include "learning/towers/two_tower_parameters.h"
#include "model/bundle.h"

namespace shortlist {

struct SyntheticCatalogOptions {
  size_t items = 100'000;
  size_t users = 10'000;
  uint32_t dim = 64;
  uint64_t seed = 1;
  size_t threads = 0;  // 0: one per core.
};

class SyntheticCatalog {
 public:
  explicit SyntheticCatalog(const SyntheticCatalogOptions& options);

  // Every file of a bundle. Large arrays are made while they are written: it needs some 200 bytes
  // an item, whatever the dimension, and dim + 20 while the index is built.
  absl::Status WriteBundle(const std::filesystem::path& folder);

  // Fills in the empty state of user `user`: 1 to 1,000 interactions, half of the users have more
  // than 30; one in twenty has none.
  void MakeUser(size_t user, UserState& state) const;

 private:
  void DrawItems();
  CatalogData MakeCatalog() const;
  // The network that bends the items' space, and the clusters in it.
  struct World {
    std::vector<float> first, second, centres;
  };
  World MakeWorld() const;
  // Items are made in blocks, each from a seed of its own, so that threads make no difference.
  size_t BlockCount() const;
  // Rows of dim() floats of length 1, for a block's items.
  void Embed(const World& world, size_t block, std::span<float> rows) const;
  // What a user tower takes for the taste of whom nothing is known of.
  Matrix MeanOfPopular(const World& world) const;
  // Values for ArrayFileWriter::AddMade, `width` an item: fill(block, values) makes a block's,
  // which come on several threads.
  template <class T>
  std::function<std::span<const T>(size_t)> MadeInBlocks(
      const std::string& what, size_t width, std::function<void(size_t, std::span<T>)> fill);
  absl::Status WriteTowers(const std::filesystem::path& folder);
  absl::Status WriteSimilarity(const std::filesystem::path& folder);
  absl::Status WriteRegressions(const std::filesystem::path& folder);
  absl::Status WriteIndex(const std::filesystem::path& folder);
  absl::Status WriteRanker(const std::filesystem::path& folder) const;
  std::vector<ItemRow> DrawHistory(size_t user) const;
  // One of the cluster's items, popular ones more often.
  template <class Random>
  ItemRow DrawItem(uint32_t cluster, Random& random) const;

  SyntheticCatalogOptions options_;
  WorkerPool pool_;
  std::vector<uint32_t> cluster_of_;  // By item.
  std::vector<uint32_t> rank_;        // By item: place in the order of popularity, from 0.
  // Items of cluster c, most popular first: members_[cluster_begins_[c], cluster_begins_[c + 1]).
  std::vector<size_t> cluster_begins_;
  std::vector<ItemRow> members_;
};

}  // namespace shortlist
