// Checks that fields of any request have in common. INVALID_ARGUMENT names the field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "common/field_path.h"

namespace shortlist {

// From `min` to `max`, both included.
absl::Status CheckRange(const FieldPath& field, int64_t value, int64_t min, int64_t max);

// A repeated field of `size` entries has at most `max`.
absl::Status CheckSize(const FieldPath& field, int size, size_t max);

// At most kMaxTextBytes (features/user_state.h).
absl::Status CheckText(const FieldPath& field, const std::string& text);
absl::Status CheckNonEmptyText(const FieldPath& field, const std::string& text);

}  // namespace shortlist
