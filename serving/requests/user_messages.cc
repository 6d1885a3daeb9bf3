#include "serving/requests/user_messages.h"

#include <cstddef>

namespace shortlist {

NamedAttribute FromMessage(const v1::Attribute& message) {
  return {.name = message.name(), .values = {message.values().begin(), message.values().end()}};
}

UserState FromMessage(const v1::UserState& message) {
  UserState state;
  state.user_id = message.user_id();
  state.attributes.reserve(static_cast<size_t>(message.attributes_size()));
  for (const v1::Attribute& attribute : message.attributes())
    state.attributes.push_back(FromMessage(attribute));
  state.history.reserve(static_cast<size_t>(message.history_size()));
  for (const v1::Interaction& entry : message.history())
    state.history.push_back(
        {.item_id = entry.item_id(), .time_ms = entry.time_ms(), .value = entry.value()});
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
  message.set_user_id(state.user_id);
  for (const NamedAttribute& attribute : state.attributes) {
    v1::Attribute& out = *message.add_attributes();
    out.set_name(attribute.name);
    out.mutable_values()->Assign(attribute.values.begin(), attribute.values.end());
  }
  message.mutable_history()->Reserve(static_cast<int>(state.history.size()));
  for (const Interaction& interaction : state.history) {
    v1::Interaction& out = *message.add_history();
    out.set_item_id(interaction.item_id);
    out.set_time_ms(interaction.time_ms);
    out.set_value(interaction.value);
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
