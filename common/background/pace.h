// Long work in the background that leaves most of a core to others: this thread rests again and
// again, as long as it takes to have worked a given share of the time. A lower priority does not do
// that: it takes what others leave, and where all of it is taken, machines that are shared lose
// their cores to others for tens of milliseconds.
//
//   const Pace pace(0.1, waiting);               // Of this thread, until it goes.
//   for (size_t row = 0; row < rows; ++row) {
//     if (row % Pace::kRows == 0) Pace::Keep();  // Wherever work may be long.
//     ...
//   }
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace shortlist {

class Pace {
 public:
  // Of a loop over a catalog: after so many rows it should call Keep.
  static constexpr size_t kRows = 4096;

  // `share` of the time of a core, above 0, at most 1. While somebody waits for the work (`waiting`
  // is above 0; it must outlive this) there are no rests. A thread has one pace at a time.
  Pace(double share, const std::atomic<int>& waiting);
  ~Pace();
  Pace(const Pace&) = delete;
  Pace& operator=(const Pace&) = delete;

  // Rests if the calling thread has a pace, and has worked for a millisecond since it rested.
  // Nothing otherwise. Hold no lock that others wait for.
  static void Keep();

 private:
  void RestIfDue();

  const double rest_per_work_;
  const std::atomic<int>& waiting_;
  int64_t rested_ns_;  // The processor time of the thread at its last rest.
};

}  // namespace shortlist
