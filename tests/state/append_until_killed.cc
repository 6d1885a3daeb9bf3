// Appends batches of events to a state store until it is killed, and prints each that is
// acknowledged.
//
//   append_until_killed STORE FIRST_BATCH [ENTRIES]
//
// ENTRIES: the tail of a SQLite file is folded when it has so many.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "state/sqlite/sqlite_state_store.h"
#include "state/state_stores.h"
#include "tests/state/killed_appends.h"

namespace {

absl::StatusOr<std::unique_ptr<shortlist::StateStore>> Open(const std::string& name,
                                                            const char* entries) {
  if (entries == nullptr)
    return shortlist::OpenStateStore(name, shortlist::StateProjection(),
                                     shortlist::IfMissing::kCreate);
  return shortlist::SqliteStateStore::OpenOrCreate(
      name.substr(name.find(':') + 1), shortlist::StateProjection(),
      {.entries = static_cast<size_t>(std::atoi(entries))});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  auto store = Open(argv[1], argc == 4 ? argv[3] : nullptr);
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
