// What speaks for an item that came after training, of which nothing could be counted: the trained
// items that are most like it, by the embedding that its content lets one guess, and how often they
// let one expect it to be taken up.
//
//   const AlikeItems alike = FindAlike(bundle, embedding);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/bundle.h"

namespace shortlist {

struct AlikeItems {
  std::vector<ItemRow> rows;  // Catalog::AlikeRows.
  // Interactions that the item can be expected to come to, and how many of them liked: as many as
  // three quarters of the rows do not exceed. That is more than most of them have, since what is
  // new has to be shown before anybody can find out.
  uint32_t count = 0;
  uint32_t liked = 0;
};

// `trained`: the bundle as it was trained. `embedding` has a length of 1.
AlikeItems FindAlike(const Bundle& trained, std::span<const float> embedding);

}  // namespace shortlist
