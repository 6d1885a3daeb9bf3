#include "app/events/logged_interactions.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// Of an answer, by its request id.
struct AnswerUse {
  absl::flat_hash_set<std::string> taken_up;  // Items.
  absl::flat_hash_set<std::string> refused;
  std::vector<size_t> rows;  // Of the events that name it.
};

template <class Message>
std::string UserOf(const Message& message) {
  return message.has_session_id() ? "session:" + message.session_id() : message.user_id();
}

void SetAttribute(const v1::Attribute& told, std::vector<NamedAttribute>& attributes) {
  auto known = std::find_if(attributes.begin(), attributes.end(),
                            [&](const NamedAttribute& a) { return a.name == told.name(); });
  if (known == attributes.end())
    known = attributes.insert(attributes.end(), {.name = told.name(), .values = {}});
  known->values.assign(told.values().begin(), told.values().end());
}

class Reader {
 public:
  explicit Reader(const EventWorth& worth) : worth_(worth) {}

  void AddEvent(const v1::Event& event) {
    const float worth = worth_.Of(event);
    if (worth == 0) return;
    if (!event.request_id().empty()) {
      AnswerUse& use = uses_[event.request_id()];
      (worth > 0 ? use.taken_up : use.refused).insert(event.item_id());
      use.rows.push_back(logged_.rows.size());
    }
    ++(worth > 0 ? logged_.taken_up : logged_.refused);
    logged_.rows.push_back(
        {.user_id = UserOf(event),
         .item_id = event.item_id(),
         .time_ms = event.time_ms(),
         .rating = event.has_rating() ? std::optional(event.rating()) : std::nullopt,
         .worth = worth,
         .device = {},
         .surface = {}});
  }

  void AddUser(const v1::UserChange& user) {
    for (const v1::Attribute& attribute : user.attributes())
      SetAttribute(attribute, logged_.users[user.user_id()]);
  }

  // Once all events are there.
  void AddAnswer(const v1::ServedAnswer& answer) {
    const auto found = uses_.find(answer.request_id());
    if (found == uses_.end()) return;
    const AnswerUse& use = found->second;
    const std::string user = UserOf(answer);
    for (const size_t row : use.rows) {
      // Whoever names an answer that was given to someone else is not believed.
      if (logged_.rows[row].user_id != user) return;
      logged_.rows[row].device = answer.context().device();
      logged_.rows[row].surface = answer.context().surface();
    }
    int last = answer.items_size();
    while (last > 0 && !use.taken_up.contains(answer.items(last - 1).item_id())) --last;
    for (int place = 0; place < last; ++place) {
      const std::string& item = answer.items(place).item_id();
      if (use.taken_up.contains(item) || use.refused.contains(item)) continue;
      ++logged_.passed_over;
      logged_.rows.push_back({.user_id = user,
                              .item_id = item,
                              .time_ms = answer.time_ms(),
                              .rating = std::nullopt,
                              .worth = -1,
                              .device = answer.context().device(),
                              .surface = answer.context().surface()});
    }
  }

  LoggedInteractions Finish() && { return std::move(logged_); }

 private:
  const EventWorth& worth_;
  LoggedInteractions logged_;
  absl::flat_hash_map<std::string, AnswerUse> uses_;
};

}  // namespace

absl::StatusOr<LoggedInteractions> ReadInteractions(const EventLog& log, const EventWorth& worth) {
  Reader reader(worth);
  RETURN_IF_ERROR(log.ReadAll([&](const v1::LogEntry& entry) {
    if (entry.has_event()) reader.AddEvent(entry.event());
    if (entry.has_user()) reader.AddUser(entry.user());
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(log.ReadAll([&](const v1::LogEntry& entry) {
    if (entry.has_answer()) reader.AddAnswer(entry.answer());
    return absl::OkStatus();
  }));
  return std::move(reader).Finish();
}

}  // namespace shortlist
