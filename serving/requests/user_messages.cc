#include "serving/requests/user_messages.h"

#include <cstddef>
#include <vector>

namespace shortlist {
namespace {

using InteractionMessages = google::protobuf::RepeatedPtrField<v1::Interaction>;

std::vector<Interaction> FromMessages(const InteractionMessages& messages) {
  std::vector<Interaction> interactions;
  interactions.reserve(static_cast<size_t>(messages.size()));
  for (const v1::Interaction& message : messages)
    interactions.push_back(
        {.item_id = message.item_id(), .time_ms = message.time_ms(), .value = message.value()});
  return interactions;
}

void ToMessages(const std::vector<Interaction>& interactions, InteractionMessages& messages) {
  messages.Reserve(static_cast<int>(interactions.size()));
  for (const Interaction& interaction : interactions) {
    v1::Interaction& message = *messages.Add();
    message.set_item_id(interaction.item_id);
    message.set_time_ms(interaction.time_ms);
    message.set_value(interaction.value);
  }
}

}  // namespace

NamedAttribute FromMessage(const v1::Attribute& message) {
  return {.name = message.name(), .values = {message.values().begin(), message.values().end()}};
}

UserState FromMessage(const v1::UserState& message) {
  UserState state;
  state.user_id = message.user_id();
  state.attributes.reserve(static_cast<size_t>(message.attributes_size()));
  for (const v1::Attribute& attribute : message.attributes())
    state.attributes.push_back(FromMessage(attribute));
  state.history = FromMessages(message.history());
  state.refused = FromMessages(message.refused());
  for (const v1::Showings& shown : message.shown())
    state.shown.push_back({.item_id = shown.item_id(),
                           .times_ms = {shown.times_ms().begin(), shown.times_ms().end()}});
  return state;
}

RequestContext FromMessage(const v1::RequestContext& message) {
  return {.time_ms = message.time_ms(),
          .device = message.device(),
          .surface = message.surface(),
          .time_zone = message.time_zone(),
          .extra = {message.extra().begin(), message.extra().end()}};
}

void ToMessage(const UserState& state, v1::UserState& message) {
  // Of one who is forgotten the other process would look up the id.
  if (!state.is_forgotten) message.set_user_id(state.user_id);
  for (const NamedAttribute& attribute : state.attributes) {
    v1::Attribute& out = *message.add_attributes();
    out.set_name(attribute.name);
    out.mutable_values()->Assign(attribute.values.begin(), attribute.values.end());
  }
  ToMessages(state.history, *message.mutable_history());
  ToMessages(state.refused, *message.mutable_refused());
  for (const Showings& shown : state.shown) {
    v1::Showings& out = *message.add_shown();
    out.set_item_id(shown.item_id);
    out.mutable_times_ms()->Assign(shown.times_ms.begin(), shown.times_ms.end());
  }
}

void ToMessage(const RequestContext& context, v1::RequestContext& message) {
  message.set_time_ms(context.time_ms);
  message.set_device(context.device);
  message.set_surface(context.surface);
  message.set_time_zone(context.time_zone);
  for (const auto& [name, value] : context.extra) (*message.mutable_extra())[name] = value;
}

}  // namespace shortlist
