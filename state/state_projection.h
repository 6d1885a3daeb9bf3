// How the log becomes user states. A state that is read has two parts, kept apart in the store: the
// seed, which a data set began with, and the recorded part, which this makes from the log entry by
// entry. Merge puts them together.
//
//   if (projection.Changes(entry)) projection.Apply(entry, recorded);
//   Merge(std::move(seed), std::move(recorded)) is the user's state.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "features/user_state.h"
#include "shortlist/v1/events.pb.h"
#include "state/event_worth.h"

namespace shortlist {

// Of a recorded part; when there are more, the oldest go first. `refused` is bounded by
// kMaxRefused.
inline constexpr size_t kMaxRecordedHistory = 5'000;

// Whose state it is, as the store's key: a user and a session never share one.
std::string UserKey(std::string_view user_id);
std::string SessionKey(std::string_view session_id);
// The id that a key was made of, and whether it is a user's.
std::string_view IdOf(std::string_view key);
bool IsUserKey(std::string_view key);
// Of the one whom the entry is about.
std::string KeyOf(const v1::LogEntry& entry);

// What a store keeps of a key that was forgotten: tells it again, does not hold the id.
std::string TombstoneOf(std::string_view key);

// What is remembered of what was shown to a user.
struct KeptShowings {
  absl::Duration time;  // For so long; none: nothing is.
  // Whether an item of an answer counts as shown: then an event of type impression does only if it
  // names no answer, which would count twice.
  bool of_answers = true;
};

// Const and thread-safe.
class StateProjection {
 public:
  // By the rules that the store was last opened with; of one that never was, the types' own worth,
  // and nothing of what was shown.
  StateProjection() = default;
  // By these rules: what comes in is read so from now on, by every process that opens the store
  // without rules of its own, too. What was recorded before is as it was until it is rebuilt.
  explicit StateProjection(EventWorth worth, const KeptShowings& kept = {})
      : worth_(std::move(worth)), kept_(kept), has_rules_(true) {}

  bool has_rules() const { return has_rules_; }
  // The rules as stored: a shortlist.v1.ServerConfig with nothing else.
  std::string Serialize() const;
  // INVALID_ARGUMENT: not what Serialize gave.
  static absl::StatusOr<StateProjection> Parse(const std::string& bytes);

  // Whether the entry says anything of its user's state: events worth 0 do not, and answers, unless
  // what was shown is remembered.
  bool Changes(const v1::LogEntry& entry) const;

  // Brings the recorded part of the state up to date with the next entry about its user. An event
  // worth more than 0 joins the history at its time; one worth less than 0 moves its item from
  // history to `refused`, until a later event likes it again; one worth 0 changes nothing. Later is
  // what happened later, whatever came in first; of the same time, what came in later. What was
  // shown at the same time is shown once; the oldest showings go where there are more than
  // kMaxShownItems items or kMaxShowings of one, or when they are older than is remembered.
  void Apply(const v1::LogEntry& entry, UserState& recorded) const;

 private:
  void Apply(const v1::Event& event, UserState& recorded) const;
  void Apply(const v1::ServedAnswer& answer, UserState& recorded) const;
  bool IsShowing(const v1::Event& event) const;
  bool IsShowing(const v1::ServedAnswer& answer) const;

  EventWorth worth_;
  KeptShowings kept_;
  bool has_rules_ = false;
};

// The whole state: both histories in order of time, an interaction that both have (item and time)
// once; no item that was refused since; recorded attributes in the place of the seed's of their
// name. What was shown is recorded alone.
UserState Merge(UserState seed, UserState recorded);

}  // namespace shortlist
