// The answers that a bundle holds in advance, for where there is no time to make one: what both
// stages say to somebody of whom only a segment is known, an attribute value, and to somebody of
// whom nothing is.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "common/parallel.h"
#include "model/bundle.h"
#include "retrieval/precomputed_lists.h"

namespace shortlist {

// Items of a list: more than any request asks for, since some may not come back.
inline constexpr size_t kPrecomputedItems = 500;
// Attributes with more values make no segments.
inline constexpr size_t kMostSegments = 200;

// `bundle` has both stages.
PrecomputedListsData PrecomputeAnswers(const Bundle& bundle, WorkerPool& pool);

// Computes them, writes them into the bundle's folder, and has the bundle hold them.
absl::Status AddPrecomputedAnswers(const std::filesystem::path& folder, WorkerPool& pool,
                                   Bundle& bundle);

}  // namespace shortlist
