// Loads made-up item indexes and searches what was accepted: nothing may be read out of bounds. The
// first byte chooses between a whole file as it is, and a file whose checksums are right but whose
// arrays have bytes of the input in them, so that what lies behind the checksums is reached as
// well.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <span>
#include <string_view>
#include <vector>

#include "retrieval/index/item_index.h"
#include "retrieval/index/item_index_builder.h"
#include "tests/support/damage/rewritten_item_index.h"
#include "tests/support/random_vectors.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

constexpr size_t kItems = 300, kDim = 3;

struct World {
  World() : items(ClusteredUnitVectors(kItems, kDim, 4, 1)) {
    if (!BuildItemIndex(items, kDim, {}, folder / "whole.index").ok()) std::abort();
    file = *ArrayFile::Open(folder / "whole.index");
  }
  TemporaryFolder folder;
  std::vector<float> items;
  ArrayFile file;
};

// Bytes to put in the place of others, from the input: which array, where, how many, and they.
class Patches {
 public:
  explicit Patches(std::span<const uint8_t> input) : input_(input) {}

  template <class T>
  void Apply(uint8_t array, std::vector<T>& values) const {
    for (size_t at = 0; at + 4 < input_.size();) {
      const size_t size = 1 + input_[at + 3] % 8;
      if (at + 4 + size > input_.size()) return;
      const size_t bytes = values.size() * sizeof(T);
      const size_t offset = input_[at + 1] + 256 * size_t{input_[at + 2]};
      if (input_[at] % 12 == array && bytes > 0) {
        for (size_t i = 0; i < size; ++i)
          reinterpret_cast<uint8_t*>(values.data())[(offset + i) % bytes] = input_[at + 4 + i];
      }
      at += 4 + size;
    }
  }

 private:
  std::span<const uint8_t> input_;
};

}  // namespace
}  // namespace shortlist

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace shortlist;  // NOLINT: a program, not a header.
  static const World world;
  static const std::filesystem::path path = world.folder / "fuzzed.index";
  if (size == 0) return 0;
  const std::span<const uint8_t> input(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(input.data()),
               static_cast<std::streamsize>(input.size()));
  } else {
    const Patches patches(input);
    uint8_t next = 0;
    auto change = [&](std::string_view, auto& values) { patches.Apply(next++, values); };
    if (!RewriteItemIndex(world.file, world.items, kDim, change, path).ok()) std::abort();
  }
  const auto index = ItemIndex::Load(path, world.items, kDim);
  if (!index.ok()) return 0;
  const auto query = std::span<const float>(world.items).first(kDim);
  Roaring some;
  for (uint32_t position = 0; position < kItems; position += 3) some.add(position);
  for (const ItemFilter& filter : {ItemFilter(), ItemFilter(some, &(*index)->order())}) {
    if ((*index)->Search(query, filter, 50).size() != 50) std::abort();
  }
  return 0;
}
