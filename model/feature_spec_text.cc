#include "model/feature_spec_text.h"

#include <google/protobuf/text_format.h>

#include "common/status_macros.h"
#include "model/text_proto.h"
#include "shortlist/v1/feature_spec.pb.h"

namespace shortlist {
std::string FormatFeatureSpec(const FeatureSpec& spec) {
  v1::FeatureSpec message;
  for (const Feature& feature : spec.features) {
    v1::Feature& out = *message.add_features();
    out.set_name(feature.name);
    out.set_kind(static_cast<v1::FeatureKind>(feature.kind));
    out.set_item_attribute(feature.item_attribute);
    out.set_user_attribute(feature.user_attribute);
    out.set_context_attribute(feature.context_attribute);
    if (IsNumeric(feature.kind)) {
      out.set_mean(feature.mean);
      out.set_deviation(feature.deviation);
    }
  }
  std::string text;
  google::protobuf::TextFormat::PrintToString(message, &text);
  return text;
}

absl::StatusOr<FeatureSpec> ParseFeatureSpec(std::string_view text, const std::string& file) {
  v1::FeatureSpec message;
  RETURN_IF_ERROR(ParseTextProto(text, file, message));
  FeatureSpec spec;
  for (const v1::Feature& feature : message.features()) {
    Feature& out = spec.features.emplace_back();
    out.name = feature.name();
    if (!v1::FeatureKind_IsValid(feature.kind()))
      return absl::InvalidArgumentError(
          absl::StrCat(file, ": feature ", feature.name(), ": its kind is not known"));
    out.kind = static_cast<FeatureKind>(feature.kind());
    out.item_attribute = feature.item_attribute();
    out.user_attribute = feature.user_attribute();
    out.context_attribute = feature.context_attribute();
    if (IsNumeric(out.kind)) {
      out.mean = feature.mean();
      out.deviation = feature.deviation();
    }
  }
  return spec;
}

}  // namespace shortlist
