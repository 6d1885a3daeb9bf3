#include "app/dataset_user.h"

#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

// The bounds of the contract (common.proto), so that the stages accept what is stored.
constexpr size_t kMaxStoredHistory = 100'000;
constexpr int kMaxAttributes = 64;
constexpr size_t kMaxValues = 256;
constexpr size_t kMaxValueBytes = 256;

// Calls body(field, values) for each field, with the values that are among `codes`.
template <class Body>
void ForEachField(std::span<const AttributeFieldData> schema, std::span<const uint32_t> codes,
                  const Body& body) {
  uint32_t first_code = 0;
  for (const AttributeFieldData& field : schema) {
    const auto end_code = first_code + static_cast<uint32_t>(field.values.size());
    std::vector<std::string> values;
    for (uint32_t code : codes)
      if (first_code <= code && code < end_code) values.push_back(field.values[code - first_code]);
    body(field, std::move(values));
    first_code = end_code;
  }
}

// The user's attributes as the data set has them: values of tokens, exact numbers.
void AddAttributes(const Dataset& dataset, uint32_t user, v1::UserState& state) {
  size_t number_field = 0;
  auto add = [&](const AttributeFieldData& field, std::vector<std::string> values) {
    if (field.type == AttributeType::kNumber) {
      values.clear();
      const float number = dataset.user_numbers[number_field++][user];
      if (std::isfinite(number)) values.push_back(absl::StrCat(number));
    }
    std::erase_if(values, [](const std::string& value) { return value.size() > kMaxValueBytes; });
    if (values.size() > kMaxValues) values.resize(kMaxValues);
    if (!values.empty() && state.attributes_size() < kMaxAttributes) {
      v1::Attribute& attribute = *state.add_attributes();
      attribute.set_name(field.name);
      attribute.mutable_values()->Assign(values.begin(), values.end());
    }
  };
  ForEachField(dataset.user_attributes.schema, CodesOf(dataset.user_attributes, user), add);
}

}  // namespace

v1::UserState StateOf(const Dataset& dataset, uint32_t user, size_t begin, size_t end) {
  v1::UserState state;
  state.set_user_id(dataset.user_ids[user]);
  AddAttributes(dataset, user, state);
  if (end - begin > kMaxStoredHistory) begin = end - kMaxStoredHistory;
  for (size_t position = begin; position < end; ++position) {
    const DatasetInteraction& interaction = dataset.interactions[position];
    v1::Interaction& entry = *state.add_history();
    entry.set_item_id(dataset.items.ids[interaction.item]);
    entry.set_time_ms(interaction.time_ms);
    entry.set_value(interaction.value);
  }
  return state;
}

v1::RequestContext ContextOf(const Dataset& dataset, size_t interaction) {
  v1::RequestContext context;
  context.set_time_ms(dataset.interactions[interaction].time_ms);
  ForEachField(dataset.context_attributes.schema, CodesOf(dataset.context_attributes, interaction),
               [&](const AttributeFieldData& field, const std::vector<std::string>& values) {
                 for (const std::string& value : values)
                   (*context.mutable_extra())[field.name] = value;
               });
  return context;
}

}  // namespace shortlist
