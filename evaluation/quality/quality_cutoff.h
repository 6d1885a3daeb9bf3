// How long the lists are whose quality the tables of this folder give: NDCG@10.
#pragma once

#include <cstddef>

namespace shortlist {

inline constexpr size_t kQualityCutoff = 10;

}  // namespace shortlist
