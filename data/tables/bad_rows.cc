#include "data/tables/bad_rows.h"

#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace shortlist {
namespace {

constexpr uint64_t kMaxLogged = 10;

}  // namespace

absl::Status BadRows::Add(const absl::Status& error) {
  if (!skip_) return error;
  ++count_;
  last_error_ = error;
  if (count_ <= kMaxLogged) LogWarning(absl::StrCat("left out: ", error.message()));
  if (count_ == kMaxLogged) LogWarning("further bad rows are only counted");
  return absl::OkStatus();
}

}  // namespace shortlist
