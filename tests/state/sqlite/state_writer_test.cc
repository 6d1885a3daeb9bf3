#include "state/sqlite/state_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/sqlite/sqlite_log.h"
#include "state/sqlite/state_file.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

class StateWriterTest : public ::testing::Test {
 protected:
  StateWriterTest() {
    EXPECT_TRUE(CreateStateFile(path_).ok());
    writer_ = StateWriter::Open(path_, projection_, tail_).value();
  }

  absl::Status Append(const std::vector<v1::LogEntry>& entries, const absl::Status& result = {}) {
    return writer_->InTransaction([&](StateWriter& writer) {
      recorded_ = writer.Append(entries)->recorded;
      return result;
    });
  }

  size_t RemoveOldest(size_t most, int64_t most_bytes) {
    size_t removed = 0;
    EXPECT_TRUE(writer_
                    ->InTransaction([&](StateWriter& writer) -> absl::Status {
                      absl::Status folded = writer.FoldAll();
                      removed =
                          writer
                              .RemoveOldest(most, [&](int64_t /*time_ms*/,
                                                      int64_t bytes) { return bytes > most_bytes; })
                              .value();
                      return folded;
                    })
                    .ok());
    return removed;
  }

  std::vector<std::string> LoggedIds() {
    std::vector<std::string> ids;
    const auto reader = SqliteConnection::Open(path_, SqliteConnection::kRead, 0).value();
    EXPECT_TRUE(VisitLog(*reader, [&](int64_t, const v1::LogEntry& entry) {
                  ids.push_back(entry.event().event_id());
                  return absl::OkStatus();
                }).ok());
    return ids;
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
  const StateProjection projection_;
  LogTail tail_;
  std::unique_ptr<StateWriter> writer_;
  size_t recorded_ = 0;
};

TEST_F(StateWriterTest, NothingOfATransactionThatFailedIsInTheNextOrInTheTail) {
  EXPECT_EQ(Append({EventEntry("a", "42", "a", 1)}, absl::CancelledError("no")),
            absl::CancelledError("no"));
  EXPECT_EQ(tail_.size(), 0u);
  EXPECT_TRUE(Append({EventEntry("b", "42", "b", 1)}).ok());
  EXPECT_EQ(tail_.size(), 1u);
  EXPECT_THAT(LoggedIds(), ElementsAre("b"));
  EXPECT_TRUE(Append({EventEntry("a", "42", "a", 1)}).ok());
  EXPECT_EQ(recorded_, 1u);
}

TEST_F(StateWriterTest, AFoldThatFailedIsUndone) {
  EXPECT_TRUE(Append({EventEntry("a", "42", "a", 1)}).ok());
  EXPECT_EQ(writer_->InTransaction([](StateWriter& writer) {
    EXPECT_TRUE(writer.FoldAll().ok());
    return absl::CancelledError("no");
  }),
            absl::CancelledError("no"));
  EXPECT_EQ(tail_.folded(), 0);
  EXPECT_TRUE(Append({EventEntry("a", "42", "a", 1)}).ok());
  EXPECT_EQ(recorded_, 0u);
  EXPECT_TRUE(writer_->InTransaction([](StateWriter& writer) { return writer.FoldAll(); }).ok());
  EXPECT_EQ(tail_.folded(), 1);
  EXPECT_EQ(tail_.size(), 0u);
  EXPECT_TRUE(Append({EventEntry("a", "42", "a", 1)}).ok());
  EXPECT_EQ(recorded_, 0u);
}

TEST_F(StateWriterTest, WhatCouldNotLeaveTheLogIsStillKnown) {
  ASSERT_TRUE(Append({EventEntry("a", "42", "a", 1)}).ok());
  ASSERT_TRUE(writer_->InTransaction([](StateWriter& writer) { return writer.FoldAll(); }).ok());
  EXPECT_EQ(writer_->InTransaction([](StateWriter& writer) {
    EXPECT_EQ(writer.RemoveOldest(1, [](int64_t, int64_t) { return true; }).value(), 1u);
    return absl::CancelledError("no");
  }),
            absl::CancelledError("no"));
  EXPECT_THAT(LoggedIds(), ElementsAre("a"));
  EXPECT_TRUE(Append({EventEntry("a", "42", "a", 1)}).ok());
  EXPECT_EQ(recorded_, 0u);
}

TEST_F(StateWriterTest, TheOldestLeaveTheLogByWholeRows) {
  ASSERT_TRUE(Append({EventEntry("a1", "42", "a", 1), EventEntry("a2", "42", "b", 2)}).ok());
  for (const char* id : {"b1", "c1", "d1"}) ASSERT_TRUE(Append({EventEntry(id, "42", id, 3)}).ok());
  EXPECT_EQ(RemoveOldest(/*most=*/1, /*most_bytes=*/0), 2u);
  EXPECT_THAT(LoggedIds(), ElementsAre("b1", "c1", "d1"));
  // Of four rows of 21 bytes with their lengths, two remain.
  ASSERT_TRUE(Append({EventEntry("e1", "42", "e1", 3)}).ok());
  EXPECT_EQ(RemoveOldest(/*most=*/100, /*most_bytes=*/50), 2u);
  EXPECT_THAT(LoggedIds(), ElementsAre("d1", "e1"));
  EXPECT_EQ(RemoveOldest(/*most=*/100, /*most_bytes=*/50), 0u);
  // Positions go on from where they were.
  EXPECT_EQ(RemoveOldest(/*most=*/100, /*most_bytes=*/-1), 2u);
  ASSERT_TRUE(Append({EventEntry("f1", "42", "f1", 3)}).ok());
  EXPECT_EQ(tail_.end(), 7);
}

}  // namespace
}  // namespace shortlist
