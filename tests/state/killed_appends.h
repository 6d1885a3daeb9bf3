// A store whose process is killed, or whose power fails, while it appends: nothing that was
// acknowledged is lost, nothing is there twice or in part.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "state/state_stores.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/child_process.h"

namespace shortlist {

inline constexpr int kEventsOfABatch = 7;

// The events of a batch, of ten users: likes, refusals, and one of the batch before.
inline std::vector<v1::LogEntry> KilledBatch(int batch) {
  std::vector<v1::LogEntry> entries;
  for (int i = batch == 0 ? 0 : -1; i < kEventsOfABatch; ++i) {
    const int number = batch * kEventsOfABatch + i;
    entries.push_back(EventEntry("e" + std::to_string(number), "u" + std::to_string(number % 10),
                                 "i" + std::to_string(number % 31), number,
                                 number % 5 == 0 ? v1::EVENT_TYPE_HIDE : v1::EVENT_TYPE_CLICK));
  }
  return entries;
}

// That a store holds the batches that were acknowledged, the one under way whole or not at all, and
// states that are what the log says.
inline void CheckAppends(StateStore& store, int batches) {
  std::map<std::string, int> times;
  for (const v1::LogEntry& entry : ReadLog(store)) ++times[entry.event().event_id()];
  for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id;
  const int events = static_cast<int>(times.size());
  for (int i = 0; i < batches * kEventsOfABatch; ++i)
    EXPECT_TRUE(times.contains("e" + std::to_string(i))) << i;
  // Beside those the batch that was under way, or not.
  EXPECT_TRUE(events == batches * kEventsOfABatch || events == (batches + 1) * kEventsOfABatch)
      << events << " events of " << batches << " batches";
  std::map<std::string, UserState> states;
  const std::vector<std::string> users = store.UserIds().value();
  for (const std::string& user : users) states[user] = ReadState(store, UserKey(user));
  EXPECT_EQ(states.size(), std::min<size_t>(10, times.size()));
  ASSERT_TRUE(store.Rebuild().ok());
  for (const auto& [user, state] : states) EXPECT_EQ(ReadState(store, UserKey(user)), state);
}

// `program` is append_until_killed, `name` as OpenStateStore takes it; `options` go to the program,
// too. The moments follow from the
// seed: after so many acknowledgements the next append is under way.
inline void KillAppendsAndCheck(const std::string& program, const std::string& name, int rounds,
                                uint64_t seed, const std::vector<std::string>& options = {}) {
  std::mt19937_64 random(seed);
  int next = 0;
  for (int round = 0; round < rounds; ++round) {
    {
      std::vector<std::string> command = {program, name, std::to_string(next)};
      command.insert(command.end(), options.begin(), options.end());
      ChildProcess appender(command);
      for (uint64_t lines = 1 + random() % 30; lines > 0; --lines) {
        const std::string line = appender.ReadLine();
        ASSERT_EQ(line, std::to_string(next)) << appender.errors();
        ++next;
      }
      appender.Signal(SIGKILL);
      // Acknowledged until the signal came.
      const std::string rest = appender.ReadAll();
      for (const char byte : rest) next += byte == '\n' ? 1 : 0;
      EXPECT_EQ(appender.Wait(), -SIGKILL);
    }
    const std::unique_ptr<StateStore> store =
        OpenStateStore(name, StateProjection(), IfMissing::kFail).value();
    CheckAppends(*store, next);
  }
}

}  // namespace shortlist
