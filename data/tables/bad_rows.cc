#include "data/tables/bad_rows.h"

#include <spdlog/spdlog.h>

#include <string>

namespace shortlist {
namespace {

constexpr uint64_t kMaxLogged = 10;

}  // namespace

absl::Status BadRows::Add(const absl::Status& error) {
  if (!skip_) return error;
  ++count_;
  last_error_ = error;
  if (count_ <= kMaxLogged) spdlog::warn("left out: {}", std::string(error.message()));
  if (count_ == kMaxLogged) spdlog::warn("further bad rows are only counted");
  return absl::OkStatus();
}

}  // namespace shortlist
