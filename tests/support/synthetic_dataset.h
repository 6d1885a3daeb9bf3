// A small made-up data set with structure worth learning: every item has a genre and a year, every
// user mostly likes one genre, takes items of it in a common order, and rates the newer ones
// higher.
#pragma once

#include <cstdint>

#include "data/dataset.h"

namespace shortlist {

struct SyntheticDatasetOptions {
  uint32_t users = 80;
  uint32_t items = 120;
  uint32_t interactions_per_user = 24;  // Less than items / 4.
  uint64_t seed = 7;
  // Numbers of a vector that every item but the last brings along: 0, or at least as many as there
  // are genres, 4. It tells the genre, with noise, and no two are of one length.
  uint32_t vector_dim = 0;
};

// Items "i0"..., titled "Item 0"..., with attributes genre (tokens) and year (number); users
// "u0"... with attribute gender; Unix times; context attributes daypart and weekday.
Dataset MakeSyntheticDataset(const SyntheticDatasetOptions& options = {});

}  // namespace shortlist
