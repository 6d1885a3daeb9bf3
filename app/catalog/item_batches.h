// Items in a file, in batches as large as one UpsertItems request may be: NAME.item, an atomic
// file, or one shortlist.v1.Item a line, in protobuf's JSON.
//
//   {"item_id": "318", "title": "Heat", "attributes": [{"name": "genre", "values": ["Crime"]}],
//    "vector": [0.25, -0.5]}
//
// NAME.item is read as training reads it, with NAME.spec.txtpb and NAME.item.npy beside it where
// there are such. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shortlist/v1/catalog.pb.h"

namespace shortlist {

class ItemBatches {
 public:
  // "-": standard input, of lines. Errors name the file, and the line where it is one.
  static absl::StatusOr<ItemBatches> Open(const std::string& path);

  // The next items; none at the end.
  absl::StatusOr<v1::UpsertItemsRequest> Next();
  // How many there are; 0: not known.
  size_t total() const { return total_; }
  // What the service says of "items[3]" of the last batch, said of the item or the line.
  absl::Status OfItem(const absl::Status& status) const;

 private:
  // Fills in the next item and says where it is ("items.jsonl:12"); an empty text at the end.
  using NextItem = std::function<absl::StatusOr<std::string>(v1::Item&)>;

  size_t total_ = 0;
  NextItem next_;
  std::vector<std::string> places_;  // Of the last batch's items.
};

}  // namespace shortlist
