#include "retrieval/index/item_index_file.h"

#include <xxhash.h>

#include <algorithm>

namespace shortlist::item_index_file {

uint64_t HashOfEmbeddings(std::span<const float> embeddings, size_t dim) {
  constexpr size_t kSampledRows = 1000;
  const size_t rows = embeddings.size() / dim;
  const size_t step = std::max<size_t>(1, rows / kSampledRows);
  ArrayHash hash;
  const uint64_t shape[] = {rows, dim};
  hash.Add(std::span<const uint64_t>(shape));
  for (size_t row = 0; row < rows; row += step) hash.Add(embeddings.subspan(row * dim, dim));
  return hash.Digest();
}

ArrayHash::ArrayHash() : state_(XXH3_createState()) {
  XXH3_64bits_reset(static_cast<XXH3_state_t*>(state_));
}

ArrayHash::~ArrayHash() { XXH3_freeState(static_cast<XXH3_state_t*>(state_)); }

void ArrayHash::AddBytes(const void* data, size_t size) {
  XXH3_64bits_update(static_cast<XXH3_state_t*>(state_), data, size);
}

uint64_t ArrayHash::Digest() const {
  return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(state_));
}

}  // namespace shortlist::item_index_file
