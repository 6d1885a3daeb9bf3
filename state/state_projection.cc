#include "state/state_projection.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "shortlist/v1/config.pb.h"

namespace shortlist {
namespace {

constexpr std::string_view kUserPrefix = "u:";
constexpr std::string_view kSessionPrefix = "s:";

template <class Message>
std::string KeyOfMessage(const Message& message) {
  return message.has_session_id() ? SessionKey(message.session_id()) : UserKey(message.user_id());
}

// Behind what has the same time.
void InsertByTime(Interaction interaction, std::vector<Interaction>& interactions) {
  const auto place =
      std::upper_bound(interactions.begin(), interactions.end(), interaction,
                       [](const auto& a, const auto& b) { return a.time_ms < b.time_ms; });
  interactions.insert(place, std::move(interaction));
}

// Adds a time, unless it is there, and keeps the last ones.
void AddTime(int64_t time_ms, std::vector<int64_t>& times) {
  const auto place = std::lower_bound(times.begin(), times.end(), time_ms);
  if (place != times.end() && *place == time_ms) return;
  times.insert(place, time_ms);
  if (times.size() > kMaxShowings) times.erase(times.begin());
}

// Adds what was shown at that time, no item twice, and drops what is too old or too much.
void AddShowings(std::span<const std::string_view> item_ids, int64_t time_ms, absl::Duration kept,
                 std::vector<Showings>& shown) {
  absl::flat_hash_map<std::string_view, size_t> places;
  for (size_t i = 0; i < shown.size(); ++i) places[shown[i].item_id] = i;
  std::vector<Showings> added;
  for (const std::string_view id : item_ids) {
    const auto known = places.find(id);
    if (known == places.end())
      added.push_back({.item_id = std::string(id), .times_ms = {time_ms}});
    else
      AddTime(time_ms, shown[known->second].times_ms);
  }
  std::move(added.begin(), added.end(), std::back_inserter(shown));
  std::stable_sort(shown.begin(), shown.end(), [](const Showings& a, const Showings& b) {
    return a.times_ms.back() < b.times_ms.back();
  });
  const int64_t oldest = shown.back().times_ms.back() - absl::ToInt64Milliseconds(kept);
  for (Showings& item : shown)
    std::erase_if(item.times_ms, [&](int64_t time) { return time < oldest; });
  std::erase_if(shown, [](const Showings& item) { return item.times_ms.empty(); });
  if (shown.size() > kMaxShownItems)
    shown.erase(shown.begin(), shown.end() - static_cast<std::ptrdiff_t>(kMaxShownItems));
}

// What `next` says of an attribute takes the place of what was known.
void ReplaceAttributes(std::vector<NamedAttribute> next, std::vector<NamedAttribute>& attributes) {
  std::erase_if(attributes, [&](const NamedAttribute& known) {
    return std::any_of(next.begin(), next.end(),
                       [&](const NamedAttribute& told) { return told.name == known.name; });
  });
  std::move(next.begin(), next.end(), std::back_inserter(attributes));
}

// In order of time; of the seed what is not recorded, too.
std::vector<Interaction> MergeByTime(std::vector<Interaction> seed,
                                     std::vector<Interaction> recorded) {
  if (recorded.empty()) return seed;
  std::vector<Interaction> merged;
  merged.reserve(seed.size() + recorded.size());
  auto next = recorded.begin();
  for (Interaction& interaction : seed) {
    while (next != recorded.end() && next->time_ms < interaction.time_ms)
      merged.push_back(std::move(*next++));
    bool is_recorded = false;
    for (auto same = next; same != recorded.end() && same->time_ms == interaction.time_ms; ++same)
      is_recorded |= same->item_id == interaction.item_id;
    if (!is_recorded) merged.push_back(std::move(interaction));
  }
  std::move(next, recorded.end(), std::back_inserter(merged));
  return merged;
}

// Leaves each item where it was last: in the history or among the refused, there once.
void SettleRefusals(UserState& state) {
  struct Times {
    int64_t refused;
    int64_t liked = std::numeric_limits<int64_t>::min();
  };
  absl::flat_hash_map<std::string, Times> times;
  for (const Interaction& refusal : state.refused)
    times[refusal.item_id].refused = refusal.time_ms;  // The last one, as they are in order.
  std::erase_if(state.history, [&](const Interaction& interaction) {
    const auto found = times.find(interaction.item_id);
    if (found == times.end()) return false;
    found->second.liked = std::max(found->second.liked, interaction.time_ms);
    return interaction.time_ms <= found->second.refused;
  });
  std::erase_if(state.refused, [&](const Interaction& refusal) {
    const Times& of_item = times[refusal.item_id];
    return of_item.liked > of_item.refused || refusal.time_ms < of_item.refused;
  });
}

}  // namespace

std::string UserKey(std::string_view user_id) { return std::string(kUserPrefix).append(user_id); }

std::string SessionKey(std::string_view session_id) {
  return std::string(kSessionPrefix).append(session_id);
}

std::string_view IdOf(std::string_view key) { return key.substr(kUserPrefix.size()); }

bool IsUserKey(std::string_view key) { return key.starts_with(kUserPrefix); }

std::string KeyOf(const v1::LogEntry& entry) {
  switch (entry.entry_case()) {
    case v1::LogEntry::kEvent:
      return KeyOfMessage(entry.event());
    case v1::LogEntry::kAnswer:
      return KeyOfMessage(entry.answer());
    default:
      return UserKey(entry.user().user_id());
  }
}

std::string TombstoneOf(std::string_view key) { return Sha256(key); }

std::string StateProjection::Serialize() const {
  v1::ServerConfig config;
  config.mutable_events()->ParseFromString(worth_.bytes());
  v1::ImpressionsConfig& impressions = *config.mutable_impressions();
  impressions.set_keep_seconds(static_cast<int32_t>(absl::ToInt64Seconds(kept_.time)));
  impressions.set_events_only(!kept_.of_answers);
  return config.SerializeAsString();
}

absl::StatusOr<StateProjection> StateProjection::Parse(const std::string& bytes) {
  v1::ServerConfig config;
  if (!config.ParseFromString(bytes)) return absl::InvalidArgumentError("are no rules of states");
  ASSIGN_OR_RETURN(EventWorth worth, EventWorth::Parse(config.events().SerializeAsString()));
  return StateProjection(std::move(worth),
                         {.time = absl::Seconds(config.impressions().keep_seconds()),
                          .of_answers = !config.impressions().events_only()});
}

bool StateProjection::Changes(const v1::LogEntry& entry) const {
  return entry.has_user() ||
         (entry.has_event() && (worth_.Of(entry.event()) != 0 || IsShowing(entry.event()))) ||
         (entry.has_answer() && IsShowing(entry.answer()));
}

bool StateProjection::IsShowing(const v1::Event& event) const {
  return kept_.time > absl::ZeroDuration() && event.type() == v1::EVENT_TYPE_IMPRESSION &&
         (!kept_.of_answers || event.request_id().empty());
}

bool StateProjection::IsShowing(const v1::ServedAnswer& answer) const {
  return kept_.time > absl::ZeroDuration() && kept_.of_answers && answer.items_size() > 0;
}

void StateProjection::Apply(const v1::LogEntry& entry, UserState& recorded) const {
  if (entry.has_event()) {
    Apply(entry.event(), recorded);
  } else if (entry.has_answer()) {
    Apply(entry.answer(), recorded);
  } else if (entry.has_user()) {
    recorded.user_id = entry.user().user_id();
    std::vector<NamedAttribute> told;
    for (const v1::Attribute& attribute : entry.user().attributes())
      told.push_back({.name = attribute.name(),
                      .values = {attribute.values().begin(), attribute.values().end()}});
    ReplaceAttributes(std::move(told), recorded.attributes);
    if (recorded.attributes.size() > kMaxAttributes)
      recorded.attributes.erase(recorded.attributes.begin(),
                                recorded.attributes.end() - kMaxAttributes);
  }
}

void StateProjection::Apply(const v1::ServedAnswer& answer, UserState& recorded) const {
  if (!IsShowing(answer)) return;
  recorded.user_id = answer.user_id();
  std::vector<std::string_view> item_ids;
  for (const v1::ServedAnswer::Item& item : answer.items()) item_ids.push_back(item.item_id());
  AddShowings(item_ids, answer.time_ms(), kept_.time, recorded.shown);
}

void StateProjection::Apply(const v1::Event& event, UserState& recorded) const {
  if (IsShowing(event)) {
    recorded.user_id = event.user_id();
    const std::string_view item_id = event.item_id();
    AddShowings({&item_id, 1}, event.time_ms(), kept_.time, recorded.shown);
  }
  const float worth = worth_.Of(event);
  if (worth == 0) return;
  recorded.user_id = event.user_id();
  const auto is_of_item = [&](const Interaction& interaction) {
    return interaction.item_id == event.item_id();
  };
  const auto refusal = std::find_if(recorded.refused.begin(), recorded.refused.end(), is_of_item);
  const bool is_refused = refusal != recorded.refused.end();
  Interaction interaction{
      .item_id = event.item_id(), .time_ms = event.time_ms(), .value = event.rating()};
  if (worth > 0) {
    if (is_refused && refusal->time_ms > event.time_ms()) return;
    if (is_refused) recorded.refused.erase(refusal);
    const auto known = std::find_if(recorded.history.rbegin(), recorded.history.rend(),
                                    [&](const Interaction& other) {
                                      return other.time_ms == event.time_ms() && is_of_item(other);
                                    });
    if (known == recorded.history.rend()) {
      InsertByTime(std::move(interaction), recorded.history);
      KeepLast(kMaxRecordedHistory, recorded.history);
    } else if (event.has_rating()) {
      known->value = event.rating();
    }
    return;
  }
  std::erase_if(recorded.history, [&](const Interaction& other) {
    return is_of_item(other) && other.time_ms <= event.time_ms();
  });
  if (std::any_of(recorded.history.begin(), recorded.history.end(), is_of_item)) return;
  if (is_refused && refusal->time_ms > event.time_ms()) return;
  if (is_refused) recorded.refused.erase(refusal);
  InsertByTime(std::move(interaction), recorded.refused);
  KeepLast(kMaxRefused, recorded.refused);
}

UserState Merge(UserState seed, UserState recorded) {
  UserState state = std::move(seed);
  if (state.user_id.empty()) state.user_id = std::move(recorded.user_id);
  state.is_forgotten |= recorded.is_forgotten;
  ReplaceAttributes(std::move(recorded.attributes), state.attributes);
  state.history = MergeByTime(std::move(state.history), std::move(recorded.history));
  state.refused = MergeByTime(std::move(state.refused), std::move(recorded.refused));
  state.shown = std::move(recorded.shown);
  if (!state.refused.empty()) SettleRefusals(state);
  return state;
}

}  // namespace shortlist
