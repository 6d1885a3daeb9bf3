#include "data/user_sequences.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace shortlist {
namespace {

constexpr size_t kMinimumForHoldout = 3;
constexpr double kPerUserTestShare = 0.2;
constexpr double kValidShare = 0.1;
constexpr double kTemporalTestShare = 0.1;

// Every user's range of interactions, all of it training.
std::vector<UserSequence> AllTraining(const Dataset& dataset) {
  std::vector<UserSequence> sequences(dataset.user_ids.size());
  size_t position = 0;
  for (uint32_t user = 0; user < sequences.size(); ++user) {
    UserSequence& sequence = sequences[user];
    sequence.begin = position;
    while (position < dataset.interactions.size() && dataset.interactions[position].user == user)
      ++position;
    sequence.train_end = sequence.valid_end = sequence.end = position;
  }
  return sequences;
}

// The first interaction at a time that is known: those before it are never held out.
size_t FirstKnown(const Dataset& dataset, const UserSequence& sequence) {
  size_t position = sequence.begin;
  if (!dataset.has_times) return position;
  while (position < sequence.end && dataset.interactions[position].time_ms == kUnknownTime)
    ++position;
  return position;
}

// At least one, as long as there is something to take a part of.
size_t Part(double share, size_t count) {
  return std::max<size_t>(1, static_cast<size_t>(std::lround(share * static_cast<double>(count))));
}

std::vector<UserSequence> SplitLeaveOneOut(const Dataset& dataset) {
  std::vector<UserSequence> sequences = AllTraining(dataset);
  for (UserSequence& sequence : sequences) {
    if (sequence.end - sequence.begin < kMinimumForHoldout) continue;
    const size_t first = FirstKnown(dataset, sequence);
    sequence.valid_end = std::max(sequence.end - 1, first);
    sequence.train_end = std::max(sequence.end - 2, first);
  }
  return sequences;
}

absl::StatusOr<std::vector<UserSequence>> SplitTemporal(const Dataset& dataset) {
  if (!dataset.has_times)
    return absl::FailedPreconditionError(
        absl::StrCat("a temporal split needs times, and none is known: ", dataset.summary.time));
  if (!dataset.has_unix_times)
    LogWarning(
        "the times are not Unix times: a temporal split needs times that are on one clock for all "
        "users");
  std::vector<int64_t> times;
  times.reserve(dataset.interactions.size());
  for (const DatasetInteraction& interaction : dataset.interactions)
    if (interaction.time_ms != kUnknownTime) times.push_back(interaction.time_ms);
  if (times.empty()) return absl::FailedPreconditionError("no time is known");
  std::sort(times.begin(), times.end());
  auto cut = [&](double share) {
    return times[static_cast<size_t>((1 - share) * static_cast<double>(times.size()))];
  };
  const int64_t valid_begin = cut(kTemporalTestShare + kValidShare);
  const int64_t test_begin = cut(kTemporalTestShare);
  std::vector<UserSequence> sequences = AllTraining(dataset);
  for (UserSequence& sequence : sequences) {
    auto first_at = [&](int64_t time) {
      size_t position = sequence.begin;
      while (position < sequence.end && dataset.interactions[position].time_ms < time) ++position;
      return position;
    };
    sequence.train_end = first_at(valid_begin);
    sequence.valid_end = first_at(test_begin);
  }
  return sequences;
}

absl::StatusOr<std::vector<UserSequence>> SplitByFiles(const Dataset& dataset) {
  if (dataset.parts.empty())
    return absl::FailedPreconditionError("the data set was not read from the files of a split");
  const bool has_validation = std::find(dataset.parts.begin(), dataset.parts.end(),
                                        DatasetPart::kValid) != dataset.parts.end();
  std::vector<UserSequence> sequences = AllTraining(dataset);
  for (UserSequence& sequence : sequences) {
    auto first_of = [&](DatasetPart part) {
      size_t position = sequence.begin;
      while (position < sequence.end && dataset.parts[position] < part) ++position;
      return position;
    };
    sequence.train_end = first_of(DatasetPart::kValid);
    sequence.valid_end = first_of(DatasetPart::kTest);
    const size_t count = sequence.train_end - sequence.begin;
    // Without a file of its own, validation is taken out of training.
    if (!has_validation && count >= kMinimumForHoldout)
      sequence.train_end -= Part(kValidShare, count);
  }
  return sequences;
}

}  // namespace

absl::StatusOr<std::vector<UserSequence>> Split(const Dataset& dataset, SplitKind kind) {
  switch (kind) {
    case SplitKind::kLeaveOneOut:
      return SplitLeaveOneOut(dataset);
    case SplitKind::kPerUser:
      return SplitPerUser(dataset, kValidShare, kPerUserTestShare);
    case SplitKind::kTemporal:
      return SplitTemporal(dataset);
    case SplitKind::kFiles:
      return SplitByFiles(dataset);
  }
  return absl::InternalError("no such split");
}

std::vector<UserSequence> SplitPerUser(const Dataset& dataset, double valid_share,
                                       double test_share) {
  std::vector<UserSequence> sequences = AllTraining(dataset);
  for (UserSequence& sequence : sequences) {
    const size_t count = sequence.end - sequence.begin;
    if (count < kMinimumForHoldout) continue;
    const size_t test = std::min(Part(test_share, count), count - 2);
    const size_t first = FirstKnown(dataset, sequence);
    sequence.valid_end = std::max(sequence.end - test, first);
    sequence.train_end =
        std::max(sequence.end - test - std::min(Part(valid_share, count), count - test - 1), first);
  }
  return sequences;
}

std::vector<UserSequence> WithoutHoldout(std::span<const UserSequence> sequences) {
  std::vector<UserSequence> result(sequences.begin(), sequences.end());
  for (UserSequence& sequence : result) sequence.train_end = sequence.valid_end = sequence.end;
  return result;
}

std::vector<UserSequence> WithoutValidation(std::span<const UserSequence> sequences) {
  std::vector<UserSequence> result(sequences.begin(), sequences.end());
  for (UserSequence& sequence : result) sequence.train_end = sequence.valid_end;
  return result;
}

std::vector<UserSequence> ValidationAsTest(std::span<const UserSequence> sequences) {
  std::vector<UserSequence> result(sequences.begin(), sequences.end());
  for (UserSequence& sequence : result) {
    sequence.end = sequence.valid_end;
    sequence.valid_end = sequence.train_end;
  }
  return result;
}

std::vector<UserSequence> WithoutUsers(std::span<const UserSequence> sequences,
                                       std::span<const uint32_t> users) {
  std::vector<UserSequence> result(sequences.begin(), sequences.end());
  for (uint32_t user : users) {
    UserSequence& sequence = result[user];
    sequence.begin = sequence.train_end = sequence.valid_end = sequence.end;
  }
  return result;
}

std::vector<uint32_t> SampleUsers(std::vector<uint32_t> users, size_t most, uint64_t seed) {
  if (users.size() <= most) return users;
  std::mt19937_64 random(seed);
  std::shuffle(users.begin(), users.end(), random);
  users.resize(most);
  std::sort(users.begin(), users.end());
  return users;
}

std::vector<uint32_t> TrainingCounts(const Dataset& dataset,
                                     std::span<const UserSequence> sequences, float least_value) {
  std::vector<uint32_t> counts(dataset.items.ids.size(), 0);
  for (const UserSequence& sequence : sequences)
    for (size_t i = sequence.begin; i < sequence.train_end; ++i)
      if (dataset.interactions[i].value >= least_value) ++counts[dataset.interactions[i].item];
  return counts;
}

}  // namespace shortlist
