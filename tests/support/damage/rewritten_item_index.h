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
#include "common/status_macros.h"
#include "retrieval/index/item_index_file.h"

namespace shortlist {

// Calls change(name, vector of the values) for each array of `original`, in their order, and writes
// what it leaves to `path`.
template <class Change>
absl::Status RewriteItemIndex(const ArrayFile& original, std::span<const float> embeddings,
                              size_t dim, const Change& change, const std::filesystem::path& path) {
  namespace names = item_index_file;
  ArrayFileWriter writer;
  names::ArrayHash hash;
  names::Arrays<names::ArrayView> arrays;
  auto rewrite = [&]<class T>(const char* name, size_t, std::span<const T>& array) {
    ASSIGN_OR_RETURN(array, original.Get<T>(name));
    std::vector<T> changed(array.begin(), array.end());
    change(std::string_view(name), changed);
    hash.Add<T>(changed);
    writer.AddOwned<T>(name, std::move(changed));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(names::VisitArrays(rewrite, arrays));
  writer.AddOwned<uint64_t>(names::kHashes,
                            {names::HashOfEmbeddings(embeddings, dim), hash.Digest()});
  return writer.Write(path);
}

}  // namespace shortlist
