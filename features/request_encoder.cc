#include "features/request_encoder.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "features/context_time.h"

namespace shortlist {
namespace {

void SortAndDeduplicate(std::vector<uint32_t>& codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
}

}  // namespace

EncodedUser RequestEncoder::Encode(const UserState& user) const {
  EncodedUser encoded;
  if (!user.user_id.empty() && !user.is_forgotten)
    encoded.user = schema_->FindUser(user.user_id).value_or(kNoUser);
  for (const NamedAttribute& attribute : user.attributes) {
    const AttributeSchema::Field* field = schema_->users().FindField(attribute.name);
    if (field == nullptr) continue;
    for (const std::string& value : attribute.values) {
      const std::optional<uint32_t> code = schema_->users().Encode(*field, value);
      if (!code) continue;
      encoded.attribute_codes.push_back(*code);
      if (field->type != AttributeType::kTokens) break;  // It has one value at most.
    }
  }
  SortAndDeduplicate(encoded.attribute_codes);

  std::vector<std::string_view> ids;
  ids.reserve(user.history.size());
  for (const Interaction& interaction : user.history) ids.push_back(interaction.item_id);
  const std::vector<ItemRow> items = item_ids_->FindAll(ids);
  encoded.history.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i] == kNoItem) continue;
    encoded.history.push_back(
        {.item = items[i], .time_ms = user.history[i].time_ms, .value = user.history[i].value});
  }
  return encoded;
}

EncodedContext RequestEncoder::Encode(const RequestContext& context, const UserState& user) const {
  const AttributeSchema& schema = schema_->contexts();
  EncodedContext encoded{.time_ms = context.time_ms, .attribute_codes = {}};
  auto add = [&](std::string_view name, std::string_view value) {
    const AttributeSchema::Field* field = schema.FindField(name);
    if (field == nullptr) return;
    if (const std::optional<uint32_t> code = schema.Encode(*field, value))
      encoded.attribute_codes.push_back(*code);
  };
  auto add_unless_overridden = [&](std::string_view name, std::string_view value) {
    const bool overridden = std::any_of(context.extra.begin(), context.extra.end(),
                                        [&](const auto& extra) { return extra.first == name; });
    if (!value.empty() && !overridden) add(name, value);
  };
  if (context.time_ms != 0) {
    const auto values = TimeFieldValues(context.time_ms, TimeZoneOf(context, user));
    for (size_t f = 0; f < kTimeFields.size(); ++f)
      add_unless_overridden(kTimeFields[f].name, kTimeFields[f].values[values[f]]);
  }
  add_unless_overridden("device", context.device);
  add_unless_overridden("surface", context.surface);
  for (const auto& [name, value] : context.extra) add(name, value);
  SortAndDeduplicate(encoded.attribute_codes);
  return encoded;
}

}  // namespace shortlist
