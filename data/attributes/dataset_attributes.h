// What NAME.item and NAME.user say of a data set's items and users.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "data/attribute_codes.h"
#include "data/dataset_spec.h"
#include "data/interner.h"
#include "data/load_notes.h"
#include "data/row_numbering.h"
#include "data/tables/atomic_file.h"
#include "data/tables/bad_rows.h"
#include "features/catalog.h"

namespace shortlist {

// Which ids have no row, such as those of users with too few interactions.
struct NoRow {
  const std::vector<bool>& ids;  // By number, of those known so far.
  bool ids_of_the_file;          // Those that only the file knows.
};

// Ids, titles, schema, codes, numbers and vectors of the items, which are numbered by the bytes of
// their ids; the result says where the ids so far are. `file` may be null. Vectors are in a column
// of it or in the file beside it (data/attributes/vectors.h); both are an error. A column of 1,000
// or more different values, more than half as many as items, is left out and noted: it identifies
// items.
absl::StatusOr<RowNumbering> ReadItemAttributes(const AtomicFile* file, const DatasetSpec& spec,
                                                Interner& ids, const NoRow& no_row,
                                                BadRows& bad_rows, LoadNotes& notes,
                                                CatalogData& items);

struct UserAttributes {
  RowNumbering rows;
  AttributeCodes codes;
  // One list per numeric field, in their order: the number by user, NaN where there is none.
  std::vector<std::vector<double>> numbers;
};

// The same for users, except that a column is left out if it has more than half as many values as
// there are users, however few these are, and that what is beyond the bounds of
// features/user_state.h is left out and noted: nothing is learned that no request can say.
absl::StatusOr<UserAttributes> ReadUserAttributes(const AtomicFile* file, const DatasetSpec& spec,
                                                  Interner& ids, const NoRow& no_row,
                                                  BadRows& bad_rows, LoadNotes& notes);

// Whether so many different values identify rows rather than describe them, as a zip code or an
// address on the web does: nothing can be learned from them for others.
inline bool Identifies(size_t different_values, size_t rows) { return 2 * different_values > rows; }

// Columns with fewer values than this are harmless even so, and may be wanted in filters.
inline constexpr size_t kManyValues = 1'000;

void NoteIdentifying(const std::string& file, const std::string& column, LoadNotes& notes);

}  // namespace shortlist
