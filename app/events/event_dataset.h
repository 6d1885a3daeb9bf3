// A data set out of the event log: what was recorded, as atomic files (docs/formats.md) that
// training reads like any other. With a base, a data set that the log goes on from, both in one.
//
//   ASSIGN_OR_RETURN(const EventDatasetCounts counts,
//                    WriteEventDataset(*store, worth, "datasets/movielens", *folder));
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "data/dataset_folder.h"
#include "state/event_worth.h"
#include "state/state_store.h"

namespace shortlist {

struct EventDatasetCounts {
  uint64_t of_base = 0;      // Interactions of the base.
  uint64_t taken_up = 0;     // Events worth more than 0.
  uint64_t refused = 0;      // Events worth less than 0.
  uint64_t passed_over = 0;  // Items of answers, see below.
};

// "100,004 interactions of the data set, 12 events taken up, 1 refused, 3 items passed over"
std::string Describe(const EventDatasetCounts& counts);

// Writes NAME.inter (user, item, time, rating, worth, circumstances), the base's NAME.item and
// NAME.item.npy as they are, NAME.user with what the log says of users in the place of what the
// base says, and NAME.spec.txtpb. An empty `base`: none.
//
// - An event is a row if it is worth something. Those of a session are those of a user
// "session:ID".
// - Of an answer that something was taken up from, the items above the last one taken up that were
//   left alone are refused (Joachims et al., SIGIR 2005: what stands above a click was looked at).
//   An answer that nothing was taken up from says nothing.
// - Users that asked to be forgotten are left out of the base, too.
//
// FAILED_PRECONDITION: there is nothing to write, or the base's times are no Unix times, so that
// events have no place among them. Other errors are those of the store, the base and the files.
absl::StatusOr<EventDatasetCounts> WriteEventDataset(const StateStore& store,
                                                     const EventWorth& worth,
                                                     const std::filesystem::path& base,
                                                     const DatasetFolder& folder);

}  // namespace shortlist
