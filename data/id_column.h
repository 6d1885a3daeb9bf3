// The columns of atomic files that hold ids of users or items.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "data/tables/atomic_file.h"

namespace shortlist {

// Position of the column named KIND_id, otherwise of the first whose name contains KIND, which is
// "user" or "item". A header error when there is none or it is not of type token.
absl::StatusOr<size_t> FindIdColumn(const AtomicFile& file, const std::string& kind);

// Whether `id` is 1 to kMaxTextBytes (features/user_state.h) bytes long; the error names `column`.
absl::Status CheckId(std::string_view id, std::string_view column);

}  // namespace shortlist
