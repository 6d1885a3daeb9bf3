// What every state store must do, as one suite of tests; each kind's own test instantiates it:
//
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StateStoreContract, testing::Values(&MakeSqlitePlace));
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/state_projection.h"
#include "state/state_store.h"

namespace shortlist {

// Where a test's store is; nothing is in it at first, and it goes with the test.
class StatePlace {
 public:
  virtual ~StatePlace() = default;
  // Opens the store: a handle like another process's, however many are open already.
  virtual std::unique_ptr<StateStore> Open(const StateProjection& projection) = 0;
};

class StateStoreContract : public testing::TestWithParam<std::unique_ptr<StatePlace> (*)()> {
 protected:
  StateStoreContract() : place_(GetParam()()), store_(Open()) {}

  std::unique_ptr<StateStore> Open() { return place_->Open(StateProjection()); }

  const std::unique_ptr<StatePlace> place_;
  std::unique_ptr<StateStore> store_;
};

// An event of a user at a time in milliseconds.
v1::LogEntry EventEntry(std::string_view event_id, std::string_view user_id,
                        std::string_view item_id, int64_t time_ms,
                        v1::EventType type = v1::EVENT_TYPE_CLICK);
v1::LogEntry SessionEntry(std::string_view event_id, std::string_view session_id,
                          std::string_view item_id, int64_t time_ms);

// An item with this title in the catalog; an item hidden until then.
v1::LogEntry ItemEntry(const std::string& id, const std::string& title);
v1::LogEntry HideEntry(const std::string& id, int64_t until_ms);

// The changes of items behind a position: "id title" or "id hidden until"; the position becomes the
// last one's.
std::vector<std::string> ChangesAfter(const StateStore& store, int64_t& position);

// The state of UserKey or SessionKey; an empty one where nothing is known.
UserState ReadState(const StateStore& store, const std::string& key);
// All entries of the log.
std::vector<v1::LogEntry> ReadLog(const StateStore& store);

}  // namespace shortlist
