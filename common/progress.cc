#include "common/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr absl::Duration kTerminalInterval = absl::Milliseconds(200);
constexpr absl::Duration kPlainInterval = absl::Seconds(10);

std::string FormatRate(double rate) {
  if (rate >= 1e6) return absl::StrFormat("%.1f M", rate / 1e6);
  if (rate >= 1e3) return absl::StrFormat("%.1f k", rate / 1e3);
  return absl::StrFormat("%.1f ", rate);
}

}  // namespace

Progress::Progress(std::string what, size_t total, std::string unit)
    : what_(std::move(what)),
      total_(total),
      unit_(std::move(unit)),
      terminal_(::isatty(STDERR_FILENO) == 1),
      start_(absl::Now()),
      last_print_(start_) {}

void Progress::Update(size_t done, std::string_view note) {
  done_ = done;
  if (absl::Now() - last_print_ >= (terminal_ ? kTerminalInterval : kPlainInterval))
    Print(note, /*last=*/false);
}

void Progress::Finish(std::string_view note) {
  if (total_ > 0) done_ = total_;
  Print(note, /*last=*/true);
}

void Progress::Print(std::string_view note, bool last) {
  last_print_ = absl::Now();
  double seconds = std::max(absl::ToDoubleSeconds(last_print_ - start_), 1e-9);
  double rate = static_cast<double>(done_) / seconds;
  std::string line = what_;
  if (total_ > 0 && !last)
    absl::StrAppendFormat(&line, "  %3.0f %%",
                          100.0 * static_cast<double>(done_) / static_cast<double>(total_));
  absl::StrAppend(&line, "  ", FormatRate(rate), unit_, "/s");
  if (last) {
    absl::StrAppendFormat(&line, "  %.1f s", seconds);
  } else if (total_ > 0 && done_ > 0) {
    absl::StrAppendFormat(&line, "  %.0f s left", static_cast<double>(total_ - done_) / rate);
  }
  if (!note.empty()) absl::StrAppend(&line, "  ", AbslView(note));
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K%s%s", line.c_str(), last ? "\n" : "");
  } else {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  std::fflush(stderr);
}

}  // namespace shortlist
