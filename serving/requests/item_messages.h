// Between the messages that tell of items and the same in plain types: nothing is lost.
#pragma once

#include "model/catalog_changes.h"
#include "shortlist/v1/catalog.pb.h"
#include "shortlist/v1/events.pb.h"

namespace shortlist {

// As it stands in the event log.
ItemChange FromMessage(const v1::ItemChange& message);
// The log entry that puts the item into the catalog.
v1::ItemChange UpsertOf(const v1::Item& item, int64_t time_ms);

}  // namespace shortlist
