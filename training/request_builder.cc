#include "training/request_builder.h"

namespace shortlist {

PastRequest RequestBefore(const Dataset& dataset, const UserSequence& sequence, uint32_t user,
                          size_t position) {
  PastRequest request;
  request.user.user = user;
  const std::span<const uint32_t> user_codes = CodesOf(dataset.user_attributes, user);
  request.user.attribute_codes.assign(user_codes.begin(), user_codes.end());
  for (size_t i = sequence.begin; i < position; ++i) {
    const DatasetInteraction& interaction = dataset.interactions[i];
    request.user.history.push_back(
        {.item = interaction.item, .time_ms = interaction.time_ms, .value = interaction.value});
  }
  if (position < sequence.end) {
    request.context.time_ms = dataset.interactions[position].time_ms;
    const std::span<const uint32_t> codes = CodesOf(dataset.context_attributes, position);
    request.context.attribute_codes.assign(codes.begin(), codes.end());
  }
  return request;
}

}  // namespace shortlist
