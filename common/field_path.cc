#include "common/field_path.h"

#include "absl/strings/str_cat.h"
#include "common/text/strings.h"

namespace shortlist {

std::string FieldPath::ToString() const {
  std::string text = parent == nullptr ? "" : absl::StrCat(parent->ToString(), ".");
  absl::StrAppend(&text, AbslView(name));
  if (index >= 0) absl::StrAppend(&text, "[", index, "]");
  return text;
}

absl::Status Invalid(const FieldPath& field, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(field.ToString(), ": ", AbslView(what)));
}

}  // namespace shortlist
