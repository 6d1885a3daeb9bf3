// The file of an item index: an ArrayFile with these arrays (docs/formats.md).
#pragma once

#include <cstdint>
#include <span>

#include "common/array_file.h"

namespace shortlist::item_index_file {

inline constexpr uint32_t kFormat = 3;

// uint32: format, items, dimensions, lists.
inline constexpr char kShape[] = "shape";
// float: scale of the centres' codes, largest Euclidean length of an item, breadth, pool.
inline constexpr char kSettings[] = "settings";
// uint32, lists + 1: list l holds the positions [begin l, begin l + 1).
inline constexpr char kListBegins[] = "list_begins";
// uint8, lists x ByteStride(dimensions).
inline constexpr char kCentreCodes[] = "centre_codes";
// float, lists: root mean square of a component of the difference of item and centre.
inline constexpr char kSpreads[] = "spreads";
// float, lists: what a code of one stands for, in the differences of items and centre.
inline constexpr char kSteps[] = "steps";
// float, lists: largest Euclidean distance of an item from what its code stands for, of the first
// half of it and of all of it.
inline constexpr char kFirstErrors[] = "first_errors";
inline constexpr char kErrors[] = "errors";
// uint8, items x NibbleStride(dimensions), by position: the halves of the codes of the differences
// of items and centres.
inline constexpr char kFirstHalves[] = "first_halves";
inline constexpr char kSecondHalves[] = "second_halves";
// uint32, items: the row at a position, and the position of a row.
inline constexpr char kRows[] = "rows";
inline constexpr char kPositions[] = "positions";
// uint64: hash of the embeddings (HashOfEmbeddings) and XXH3 over all other arrays, in this order.
inline constexpr char kHashes[] = "hashes";

// Tells embeddings from others: XXH3 of their number and of a thousand rows of them.
uint64_t HashOfEmbeddings(std::span<const float> embeddings, size_t dim);

// XXH3 of the arrays' bytes, one after the other.
class ArrayHash {
 public:
  ArrayHash();
  ~ArrayHash();
  ArrayHash(const ArrayHash&) = delete;
  ArrayHash& operator=(const ArrayHash&) = delete;

  template <class T>
  void Add(std::span<const T> values) {
    AddBytes(values.data(), values.size_bytes());
  }
  uint64_t Digest() const;

 private:
  void AddBytes(const void* data, size_t size);
  void* state_;
};

}  // namespace shortlist::item_index_file
