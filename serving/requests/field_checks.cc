#include "serving/requests/field_checks.h"

#include "absl/strings/str_cat.h"
#include "features/user_state.h"

namespace shortlist {

absl::Status CheckRange(const FieldPath& field, int64_t value, int64_t min, int64_t max) {
  if (min <= value && value <= max) return absl::OkStatus();
  return Invalid(field, absl::StrCat("must be ", min, " to ", max, ", is ", value));
}

absl::Status CheckSize(const FieldPath& field, int size, size_t max) {
  if (static_cast<size_t>(size) <= max) return absl::OkStatus();
  return Invalid(field, absl::StrCat("has ", size, " entries, at most ", max, " are allowed"));
}

absl::Status CheckText(const FieldPath& field, const std::string& text) {
  if (text.size() <= kMaxTextBytes) return absl::OkStatus();
  return Invalid(
      field, absl::StrCat("has ", text.size(), " bytes, at most ", kMaxTextBytes, " are allowed"));
}

absl::Status CheckNonEmptyText(const FieldPath& field, const std::string& text) {
  if (text.empty()) return Invalid(field, "is empty");
  return CheckText(field, text);
}

}  // namespace shortlist
