// What a data set knows of a user, in the terms of the service: as `shortlist train` stores it and
// as `shortlist features` looks at it.
#pragma once

#include <cstddef>

#include "shortlist/v1/common.pb.h"
#include "training/dataset.h"

namespace shortlist {

// The user with the interactions [begin, end) of the data set, which are theirs, within the bounds
// of the contract (common.proto): of a longer history the last interactions.
v1::UserState StateOf(const Dataset& dataset, uint32_t user, size_t begin, size_t end);

// The circumstances of an interaction.
v1::RequestContext ContextOf(const Dataset& dataset, size_t interaction);

}  // namespace shortlist
