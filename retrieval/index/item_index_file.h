// The file of an item index: an ArrayFile with these arrays (docs/formats.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "common/status_macros.h"
#include "retrieval/index/code_kernels.h"

namespace shortlist::item_index_file {

inline constexpr uint32_t kFormat = 3;
inline constexpr size_t kMaxDim = 8192;  // The kernels' sums fit into 32 bits.

inline constexpr char kShape[] = "shape";
inline constexpr char kSettings[] = "settings";
inline constexpr char kListBegins[] = "list_begins";
inline constexpr char kCentreCodes[] = "centre_codes";
inline constexpr char kSpreads[] = "spreads";
inline constexpr char kSteps[] = "steps";
inline constexpr char kFirstErrors[] = "first_errors";
inline constexpr char kErrors[] = "errors";
inline constexpr char kFirstHalves[] = "first_halves";
inline constexpr char kSecondHalves[] = "second_halves";
inline constexpr char kRows[] = "rows";
inline constexpr char kPositions[] = "positions";
// uint64: hash of the embeddings (HashOfEmbeddings) and XXH3 over all other arrays, in this order.
inline constexpr char kHashes[] = "hashes";

// All arrays but the hashes, each of them held as an Array<T>.
template <template <class> class Array>
struct Arrays {
  // Format, items, dimensions, lists.
  Array<uint32_t> shape;
  // Scale of the centres' codes, largest Euclidean length of an item, breadth, pool.
  Array<float> settings;
  // List l holds the positions [begin l, begin l + 1).
  Array<uint32_t> list_begins;
  // Lists x ByteStride(dimensions).
  Array<uint8_t> centre_codes;
  // By list: root mean square of a component of the difference of item and centre.
  Array<float> spreads;
  // By list: what a code of one stands for, in the differences of items and centre.
  Array<float> steps;
  // By list: largest Euclidean distance of an item from what its code stands for, of the first half
  // of it and of all of it.
  Array<float> first_errors, errors;
  // Items x NibbleStride(dimensions), by position: the halves of the codes of the differences of
  // items and centres.
  Array<uint8_t> first_halves, second_halves;
  // The row at a position, and the position of a row.
  Array<uint32_t> rows, positions;
};
template <class T>
using OwnedArray = std::vector<T>;
template <class T>
using ArrayView = std::span<const T>;

// Calls visit(name, length, array of `arrays`, that array of each of the `others`) for all arrays
// in the order of the file. The lengths are those that the shape asks for, which is visited first.
template <class Visit, class First, class... Others>
absl::Status VisitArrays(const Visit& visit, First& arrays, Others&... others) {
  RETURN_IF_ERROR(visit(kShape, size_t{4}, arrays.shape, others.shape...));
  const size_t items = arrays.shape[1], dim = arrays.shape[2], lists = arrays.shape[3];
  const size_t code_bytes = items * NibbleStride(dim);
  RETURN_IF_ERROR(visit(kSettings, size_t{4}, arrays.settings, others.settings...));
  RETURN_IF_ERROR(visit(kListBegins, lists + 1, arrays.list_begins, others.list_begins...));
  RETURN_IF_ERROR(
      visit(kCentreCodes, lists * ByteStride(dim), arrays.centre_codes, others.centre_codes...));
  RETURN_IF_ERROR(visit(kSpreads, lists, arrays.spreads, others.spreads...));
  RETURN_IF_ERROR(visit(kSteps, lists, arrays.steps, others.steps...));
  RETURN_IF_ERROR(visit(kFirstErrors, lists, arrays.first_errors, others.first_errors...));
  RETURN_IF_ERROR(visit(kErrors, lists, arrays.errors, others.errors...));
  RETURN_IF_ERROR(visit(kFirstHalves, code_bytes, arrays.first_halves, others.first_halves...));
  RETURN_IF_ERROR(visit(kSecondHalves, code_bytes, arrays.second_halves, others.second_halves...));
  RETURN_IF_ERROR(visit(kRows, items, arrays.rows, others.rows...));
  return visit(kPositions, items, arrays.positions, others.positions...);
}

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
