// What is most popular in every segment of users, those who share an attribute value: counted over
// the training part of their sequences, a user and an item once however often they met.
#pragma once

#include <cstdint>
#include <span>

#include "data/dataset.h"
#include "data/user_sequences.h"
#include "retrieval/segment_popularity.h"

namespace shortlist {

// Items of a segment.
inline constexpr uint32_t kSegmentItems = 500;

// The most popular first, equally popular ones by row; at most `most` of each segment.
SegmentPopularityData BuildSegmentPopularity(const Dataset& dataset,
                                             std::span<const UserSequence> sequences,
                                             uint32_t most = kSegmentItems);

}  // namespace shortlist
