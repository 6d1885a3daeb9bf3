#include "state/sqlite/append_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/state/state_store_contract.h"

namespace shortlist {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

using Batches = std::span<const AppendQueue::Batch>;

// Appends batches of one event each, from a thread each: the others while the first is being
// committed. An event named "bad" or "full" has its commit fail.
struct AppendsAtOnce {
  explicit AppendsAtOnce(const std::vector<std::string>& ids) : statuses(ids.size()) {
    AppendQueue queue([&](Batches batches) { return Commit(batches); });
    const auto append = [&](size_t i) {
      const std::vector<v1::LogEntry> entries = {EventEntry(ids[i], "42", "a", 1)};
      const absl::StatusOr<AppendResult> result = queue.Append(entries);
      statuses[i] = result.status();
      if (result.ok()) {
        EXPECT_EQ(result->recorded, ids[i].size());
      }
    };
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { append(0); });
    while (!has_begun) std::this_thread::yield();
    for (size_t i = 1; i < ids.size(); ++i) threads.emplace_back([&, i] { append(i); });
    while (queue.waiting() < ids.size() - 1) std::this_thread::yield();
    others_wait = true;
  }

  absl::StatusOr<std::vector<AppendResult>> Commit(Batches batches) {
    EXPECT_FALSE(is_committing.exchange(true));
    sizes.push_back(batches.size());
    has_begun = true;
    while (!others_wait) std::this_thread::yield();
    std::vector<AppendResult> results;
    absl::Status status;
    for (const AppendQueue::Batch& batch : batches) {
      const std::string& id = batch.front().event().event_id();
      results.push_back({.recorded = id.size()});
      if (id == "bad") status = absl::InvalidArgumentError("bad");
      if (id == "full") status = absl::ResourceExhaustedError("full");
    }
    is_committing = false;
    if (!status.ok()) return status;
    return results;
  }

  std::atomic<bool> has_begun = false, others_wait = false, is_committing = false;
  std::vector<size_t> sizes;  // Of each commit.
  std::vector<absl::Status> statuses;
};

TEST(AppendQueue, WhatComesInDuringACommitSharesTheNext) {
  const AppendsAtOnce appends({"a", "bb", "ccc", "dddd"});
  EXPECT_THAT(appends.sizes, ElementsAre(1, 3));
  EXPECT_THAT(appends.statuses, Each(absl::OkStatus()));
}

TEST(AppendQueue, NobodyFailsForAnothersBatch) {
  const AppendsAtOnce appends({"a", "bad", "ccc"});
  EXPECT_THAT(appends.sizes, ElementsAre(1, 2, 1, 1));
  EXPECT_THAT(appends.statuses,
              ElementsAre(absl::OkStatus(), absl::InvalidArgumentError("bad"), absl::OkStatus()));
}

TEST(AppendQueue, AnErrorOfTheStoreIsEverybodys) {
  const AppendsAtOnce appends({"a", "full", "ccc"});
  EXPECT_THAT(appends.sizes, ElementsAre(1, 2));
  EXPECT_THAT(appends.statuses, ElementsAre(absl::OkStatus(), absl::ResourceExhaustedError("full"),
                                            absl::ResourceExhaustedError("full")));
}

}  // namespace
}  // namespace shortlist
