// RecBole's files of sequences: a row holds what the user did, `item_id`, and in `item_id_list`
// (and `timestamp_list`) what the same user had done before. Sets made by augmentation hold every
// beginning of a sequence, so that the lists of neighbours overlap.
//
// Read as interactions: each row's own, and before it those of its list that are no row's, once
// each. A user who did the same twice at one time has two of them if a list with its row has two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "data/tables/atomic_file.h"
#include "data/tables/bad_rows.h"
#include "data/tables/separated_rows.h"

namespace shortlist {

// Positions in the file.
struct SequenceColumns {
  size_t user;
  size_t item;
  std::optional<size_t> time;
  std::optional<size_t> items;  // The list; without it rows are single interactions.
  std::optional<size_t> times;  // Its times.
};

// The lists of a file: columns named like those of the item and the time, and `_list`, of type
// token_seq and float_seq.
SequenceColumns FindSequenceColumns(const AtomicFile& file, size_t user, size_t item,
                                    std::optional<size_t> time);

// For the files of one data set, in the order train, validation, test. Not thread-safe.
class SequenceRows {
 public:
  // Calls `use` like AtomicFile::ForEachRow, and before a row for every interaction that only its
  // list knows: cells other than user, item and time are empty then. A row whose lists are not
  // equally long is bad.
  absl::Status ForEachRow(const AtomicFile& file, const SequenceColumns& columns, BadRows& bad_rows,
                          RowUser use);

  // During a call of `use`: whether the interaction is out of a list. It is history, whatever the
  // part that the file is.
  bool in_list() const { return in_list_; }

 private:
  struct Count {
    uint32_t rows = 0;    // Interactions so far, rows' own and out of lists.
    uint32_t needed = 0;  // The most that a row and its list have.
    uint32_t in_row = 0;  // In the row at hand.
  };

  // By user, item and time.
  absl::flat_hash_map<std::string, Count> counts_;
  bool in_list_ = false;
};

}  // namespace shortlist
