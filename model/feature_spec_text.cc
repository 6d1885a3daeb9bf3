#include "model/feature_spec_text.h"

#include <google/protobuf/text_format.h>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "features/feature_spec_check.h"
#include "proto/text_proto.h"
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
    if (IsNumeric(feature)) {
      out.set_mean(feature.mean);
      out.set_deviation(feature.deviation);
    }
    if (feature.transform != FeatureTransform::kIdentity)
      out.set_transform(static_cast<v1::FeatureTransform>(feature.transform));
    out.mutable_bucket_edges()->Assign(feature.bucket_edges.begin(), feature.bucket_edges.end());
    out.set_hash_size(feature.hash_size);
  }
  std::string text;
  google::protobuf::TextFormat::PrintToString(message, &text);
  return text;
}

absl::StatusOr<FeatureSpec> ParseFeatureSpec(std::string_view text, const std::string& file) {
  v1::FeatureSpec message;
  google::protobuf::TextFormat::ParseInfoTree lines;
  RETURN_IF_ERROR(ParseTextProto(text, file, message, &lines));
  const google::protobuf::FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByNumber(v1::FeatureSpec::kFeaturesFieldNumber);
  FeatureSpec spec;
  for (int i = 0; i < message.features_size(); ++i) {
    const v1::Feature& feature = message.features(i);
    Feature& out = spec.features.emplace_back();
    out.origin = absl::StrCat(file, ":", lines.GetLocation(field, i).line + 1, ": ");
    out.name = feature.name();
    // A number beyond those known must not become one of them.
    out.kind =
        static_cast<FeatureKind>(v1::FeatureKind_IsValid(feature.kind()) ? feature.kind() : 0);
    out.item_attribute = feature.item_attribute();
    out.user_attribute = feature.user_attribute();
    out.context_attribute = feature.context_attribute();
    out.transform = FeatureTransform::kIdentity;
    if (feature.transform() != v1::FEATURE_TRANSFORM_UNSPECIFIED)
      out.transform = static_cast<FeatureTransform>(
          v1::FeatureTransform_IsValid(feature.transform()) ? feature.transform() : 0);
    out.bucket_edges.assign(feature.bucket_edges().begin(), feature.bucket_edges().end());
    out.hash_size = feature.hash_size();
    // In a spec that a person writes there are none: they are learned.
    if (IsNumeric(out) && feature.deviation() != 0) {
      out.mean = feature.mean();
      out.deviation = feature.deviation();
    }
  }
  RETURN_IF_ERROR(CheckFeatureSpec(spec));
  return spec;
}

}  // namespace shortlist
