#include "serving/user_resolver.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "features/context_time.h"
#include "serving/field_path.h"
#include "serving/filter_compiler.h"

namespace shortlist {
namespace {

// Adds the codes of a field's known values: of at most one where a thing has at most one.
template <class Values>
void AddCodes(const AttributeSchema& schema, std::string_view name, const Values& values,
              std::vector<uint32_t>& codes) {
  const AttributeSchema::Field* field = schema.FindField(name);
  if (field == nullptr) return;
  for (const std::string& value : values) {
    std::optional<uint32_t> code = schema.Encode(*field, value);
    if (!code) continue;
    codes.push_back(*code);
    if (field->type != AttributeType::kTokens) return;
  }
}

void SortAndDeduplicate(std::vector<uint32_t>& codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
}

}  // namespace

UserState ResolveUser(const v1::UserState& user, const Bundle& bundle) {
  UserState resolved;
  if (!user.user_id().empty())
    resolved.user = bundle.towers.FindUser(user.user_id()).value_or(kNoUser);
  for (const v1::Attribute& attribute : user.attributes())
    AddCodes(bundle.towers.user_schema(), attribute.name(), attribute.values(),
             resolved.attribute_codes);
  SortAndDeduplicate(resolved.attribute_codes);
  std::vector<std::string_view> ids;
  ids.reserve(static_cast<size_t>(user.history_size()));
  for (const v1::Interaction& interaction : user.history()) ids.push_back(interaction.item_id());
  const std::vector<ItemRow> items = bundle.catalog.FindItems(ids);
  resolved.history.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    const v1::Interaction& interaction = user.history(static_cast<int>(i));
    if (items[i] != kNoItem)
      resolved.history.push_back(
          {.item = items[i], .time_ms = interaction.time_ms(), .value = interaction.value()});
  }
  return resolved;
}

ContextState ResolveContext(const v1::RequestContext& context, const Bundle& bundle) {
  const AttributeSchema& schema = bundle.towers.context_schema();
  ContextState resolved{.time_ms = context.time_ms(), .attribute_codes = {}};
  auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty() && !context.extra().contains(name))
      AddCodes(schema, name, std::array{value}, resolved.attribute_codes);
  };
  const auto values = TimeFieldValues(context.time_ms());
  for (size_t f = 0; f < kTimeFields.size(); ++f)
    add(std::string(kTimeFields[f].name), std::string(kTimeFields[f].values[values[f]]));
  add("device", context.device());
  add("surface", context.surface());
  for (const auto& [name, value] : context.extra())
    AddCodes(schema, name, std::array{value}, resolved.attribute_codes);
  SortAndDeduplicate(resolved.attribute_codes);
  return resolved;
}

const ResolvedRequest& Resolve(const v1::UserState& user, const v1::RequestContext& context,
                               const Bundle& bundle, ResolvedRequest& resolved) {
  if (resolved.bundle != &bundle)
    resolved = {.bundle = &bundle,
                .user = ResolveUser(user, bundle),
                .context = ResolveContext(context, bundle)};
  return resolved;
}

absl::Status StateOfAnonymous(const v1::AnonymousUser& anonymous, const Bundle& bundle,
                              v1::UserState& state) {
  const AttributeSchema& schema = bundle.towers.user_schema();
  const FieldPath path{nullptr, "anonymous"};
  for (int i = 0; i < anonymous.attributes_size(); ++i) {
    const v1::Attribute& given = anonymous.attributes(i);
    const FieldPath attribute{&path, "attributes", i};
    const AttributeSchema::Field* field = schema.FindField(given.name());
    if (field == nullptr)
      return Invalid({&attribute, "name"},
                     absl::StrCat("unknown user attribute \"", given.name(),
                                  "\"; the model knows: ", FieldNames(schema)));
    if (field->type == AttributeType::kTokens) continue;
    if (given.values_size() > 1)
      return Invalid({&attribute, "values"},
                     absl::StrCat("\"", given.name(), "\" has one value at most"));
    for (int j = 0; j < i; ++j)
      if (anonymous.attributes(j).name() == given.name())
        return Invalid({&attribute, "name"}, absl::StrCat("\"", given.name(),
                                                          "\" has one value at most and is there "
                                                          "twice"));
  }
  *state.mutable_attributes() = anonymous.attributes();
  state.mutable_history()->Reserve(anonymous.recent_item_ids_size());
  for (const std::string& id : anonymous.recent_item_ids()) state.add_history()->set_item_id(id);
  return absl::OkStatus();
}

}  // namespace shortlist
