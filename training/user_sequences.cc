#include "training/user_sequences.h"

#include <algorithm>
#include <cmath>

namespace shortlist {
namespace {

constexpr size_t kMinimumForHoldout = 3;

}  // namespace

std::vector<UserSequence> SplitPerUser(const Dataset& dataset, double valid_share,
                                       double test_share) {
  std::vector<UserSequence> sequences(dataset.user_ids.size());
  size_t position = 0;
  for (uint32_t user = 0; user < sequences.size(); ++user) {
    UserSequence& sequence = sequences[user];
    sequence.begin = position;
    while (position < dataset.interactions.size() && dataset.interactions[position].user == user)
      ++position;
    sequence.train_end = sequence.valid_end = sequence.end = position;
    const size_t count = position - sequence.begin;
    if (count < kMinimumForHoldout) continue;
    auto part = [&](double share) {
      return std::max<size_t>(1,
                              static_cast<size_t>(std::lround(share * static_cast<double>(count))));
    };
    const size_t test = std::min(part(test_share), count - 2);
    sequence.valid_end = sequence.end - test;
    sequence.train_end = sequence.valid_end - std::min(part(valid_share), count - test - 1);
  }
  return sequences;
}

std::vector<UserSequence> WithoutHoldout(std::span<const UserSequence> sequences) {
  std::vector<UserSequence> result(sequences.begin(), sequences.end());
  for (UserSequence& sequence : result) sequence.train_end = sequence.valid_end = sequence.end;
  return result;
}

}  // namespace shortlist
