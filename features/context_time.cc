#include "features/context_time.h"

#include <chrono>

namespace shortlist {

std::array<uint32_t, kTimeFields.size()> TimeFieldValues(int64_t time_ms) {
  using std::chrono::days, std::chrono::hours;
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(time_ms)};
  const auto day = std::chrono::floor<days>(time);
  const auto hour = static_cast<uint32_t>(std::chrono::floor<hours>(time - day).count());
  return {hour / 6, std::chrono::weekday(day).iso_encoding() - 1};
}

}  // namespace shortlist
