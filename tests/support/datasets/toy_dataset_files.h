// A data set as files, small enough to be trained on in a moment: three groups of ten users who
// take items of the same twelve, with times, ratings, titles, genres and years.
#pragma once

#include <string>

#include "tests/support/temporary_folder.h"

namespace shortlist {

// Writes toy/toy.inter and toy/toy.item; returns the path of toy.
inline std::string WriteToyDataset(const TemporaryFolder& folder) {
  std::string interactions = "user_id:token\titem_id:token\ttimestamp:float\trating:float\n";
  std::string items = "item_id:token\ttitle:token\tgenre:token_seq\tyear:float\n";
  for (int user = 0; user < 30; ++user)
    for (int i = 0; i < 10; ++i)
      interactions += std::to_string(user) + "\t" +
                      std::to_string(user % 3 * 12 + (user + i) % 12) + "\t" +
                      std::to_string(1'000'000'000 + user * 100'000 + i * 1'000) + "\t" +
                      std::to_string(3 + (user + i) % 2) + "\n";
  for (int item = 0; item < 36; ++item)
    items += std::to_string(item) + "\tItem " + std::to_string(item) + "\t" +
             (item % 2 == 0 ? "Comedy" : "Drama") + "\t" + std::to_string(1980 + item) + "\n";
  folder.Write("toy/toy.inter", interactions);
  folder.Write("toy/toy.item", items);
  return (folder / "toy").string();
}

}  // namespace shortlist
