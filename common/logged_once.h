// Something that is done again and again, as a task that says in the log once that it fails, and
// once that it works again.
//
//   RepeatedTask task(absl::Seconds(1), LoggedOnce("changes are", [&] { return CatchUp(); }));
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace shortlist {

// The log then says "SUBJECT not seen: " and why, for every other reason once, and "SUBJECT seen
// again".
inline std::function<void()> LoggedOnce(std::string subject,
                                        std::function<absl::Status()> catch_up) {
  return [subject = std::move(subject), catch_up = std::move(catch_up),
          last = absl::Status()]() mutable {
    const absl::Status status = catch_up();
    if (!status.ok() && status != last)
      LogError(absl::StrCat(subject, " not seen: ", status.ToString()));
    if (status.ok() && !last.ok()) LogInfo(absl::StrCat(subject, " seen again"));
    last = status;
  };
}

}  // namespace shortlist
