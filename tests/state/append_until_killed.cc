// Appends batches of events to a state store until it is killed, and prints each that is
// acknowledged.
//
//   append_until_killed STORE FIRST_BATCH

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "state/state_stores.h"
#include "tests/state/killed_appends.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto store = shortlist::OpenStateStore(argv[1], shortlist::StateProjection(),
                                         shortlist::IfMissing::kCreate);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  for (int batch = std::atoi(argv[2]);; ++batch) {
    const absl::StatusOr<shortlist::AppendResult> result =
        (*store)->Append(shortlist::KilledBatch(batch));
    if (!result.ok()) {
      std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
      return 1;
    }
    std::printf("%d\n", batch);
    std::fflush(stdout);
  }
}
