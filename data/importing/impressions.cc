#include "data/importing/impressions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {

absl::Status ForEachImpression(
    std::string_view cell,
    absl::FunctionRef<absl::Status(std::string_view item, std::string_view label)> use) {
  while (true) {
    cell.remove_prefix(std::min(cell.find_first_not_of(' '), cell.size()));
    if (cell.empty()) return absl::OkStatus();
    const std::string_view impression = cell.substr(0, cell.find(' '));
    cell.remove_prefix(impression.size());
    if (impression.size() < 3 || !(impression.ends_with("-0") || impression.ends_with("-1")))
      return absl::InvalidArgumentError(absl::StrCat(
          "an impression is not of the form ITEM-0 or ITEM-1: \"", AbslView(impression), "\""));
    RETURN_IF_ERROR(
        use(impression.substr(0, impression.size() - 2), impression.substr(impression.size() - 1)));
  }
}

}  // namespace shortlist
