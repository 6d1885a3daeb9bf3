#include "data/past_request.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/named_attributes.h"
#include "features/context_time.h"

namespace shortlist {
namespace {

ArrayFile TablesOf(const Dataset& dataset) {
  ArrayFileWriter writer;
  AddStringTable(writer, "item_ids", dataset.items.ids);
  AddRequestSchema(writer, dataset.user_ids, dataset.user_attributes.schema,
                   dataset.context_attributes.schema);
  return ArrayFile::InMemory(writer, dataset.name).value();
}

}  // namespace

UserState StateOf(const Dataset& dataset, uint32_t user, size_t begin, size_t end) {
  UserState state;
  state.user_id = dataset.user_ids[user];
  state.attributes =
      NamedAttributesOf(dataset.user_attributes.schema, CodesOf(dataset.user_attributes, user),
                        dataset.user_numbers, user);
  if (end - begin > kMaxHistory) begin = end - kMaxHistory;
  state.history.reserve(end - begin);
  for (size_t position = begin; position < end; ++position) {
    const DatasetInteraction& interaction = dataset.interactions[position];
    state.history.push_back({.item_id = dataset.items.ids[interaction.item],
                             .time_ms = interaction.time_ms,
                             .value = interaction.value});
  }
  TrimToBounds(state);
  return state;
}

RequestContext ContextOf(const Dataset& dataset, size_t interaction) {
  RequestContext context;
  context.time_ms = dataset.interactions[interaction].time_ms;
  // Those of the time, which come first, follow from it.
  size_t derived = dataset.has_unix_times ? kTimeFields.size() : 0;
  ForEachField(dataset.context_attributes.schema, CodesOf(dataset.context_attributes, interaction),
               [&](const AttributeFieldData& field, std::vector<std::string> values) {
                 if (derived > 0) {
                   --derived;
                   return;
                 }
                 for (std::string& value : values)
                   context.extra.emplace_back(field.name, std::move(value));
               });
  return context;
}

PastRequests::PastRequests(const Dataset& dataset)
    : dataset_(dataset),
      file_(TablesOf(dataset)),
      item_ids_(StringTable::Open(file_, "item_ids").value()),
      schema_(RequestSchema::Open(file_).value()),
      encoder_(item_ids_, schema_) {}

PastRequest PastRequests::Before(const UserSequence& sequence, uint32_t user,
                                 size_t position) const {
  PastRequest request;
  const UserState state = StateOf(dataset_, user, sequence.begin, position);
  request.user = encoder_.Encode(state);
  if (position < sequence.end)
    request.context = encoder_.Encode(ContextOf(dataset_, position), state);
  return request;
}

}  // namespace shortlist
