// Writes an item index whose checksums are right but whose arrays are not, to reach what lies
// behind the checksums.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/array_file.h"
#include "retrieval/item_index_file.h"

namespace shortlist {

// Calls change(name, vector of the values) for each array of `original`, in their order, and writes
// what it leaves to `path`.
template <class Change>
absl::Status RewriteItemIndex(const ArrayFile& original, std::span<const float> embeddings,
                              size_t dim, const Change& change, const std::filesystem::path& path) {
  namespace names = item_index_file;
  ArrayFileWriter writer;
  names::ArrayHash hash;
  auto rewrite = [&]<class T>(const char* name, T) {
    const std::span<const T> values = *original.Get<T>(name);
    std::vector<T> changed(values.begin(), values.end());
    change(std::string_view(name), changed);
    hash.Add<T>(changed);
    writer.AddOwned<T>(name, std::move(changed));
  };
  rewrite(names::kShape, uint32_t{});
  rewrite(names::kSettings, float{});
  rewrite(names::kListBegins, uint32_t{});
  rewrite(names::kCentreCodes, uint8_t{});
  rewrite(names::kSpreads, float{});
  rewrite(names::kSteps, float{});
  rewrite(names::kFirstErrors, float{});
  rewrite(names::kErrors, float{});
  rewrite(names::kFirstHalves, uint8_t{});
  rewrite(names::kSecondHalves, uint8_t{});
  rewrite(names::kRows, uint32_t{});
  rewrite(names::kPositions, uint32_t{});
  writer.AddOwned<uint64_t>(names::kHashes,
                            {names::HashOfEmbeddings(embeddings, dim), hash.Digest()});
  return writer.Write(path);
}

}  // namespace shortlist
