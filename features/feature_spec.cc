#include "features/feature_spec.h"

#include <xxhash.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/text/strings.h"

namespace shortlist {

uint64_t FeatureSpec::Fingerprint() const {
  std::string text;
  for (const Feature& feature : features) {
    absl::StrAppend(&text, feature.name, "\n", static_cast<int>(feature.kind), "\n",
                    feature.item_attribute, "\n", feature.user_attribute, "\n",
                    feature.context_attribute, "\n");
    text.append(reinterpret_cast<const char*>(&feature.mean), sizeof feature.mean);
    text.append(reinterpret_cast<const char*>(&feature.deviation), sizeof feature.deviation);
    // Left out where they say nothing: weights of specs from before there were transforms fit.
    if (feature.transform != FeatureTransform::kIdentity)
      absl::StrAppend(&text, "transform ", static_cast<int>(feature.transform), "\n");
    if (feature.hash_size != 0) absl::StrAppend(&text, "hash ", feature.hash_size, "\n");
    text.append(reinterpret_cast<const char*>(feature.bucket_edges.data()),
                feature.bucket_edges.size() * sizeof(float));
  }
  return XXH3_64bits(text.data(), text.size());
}

absl::Status InvalidFeature(const Feature& feature, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(feature.origin, "feature ", feature.name, ": ", AbslView(what)));
}

}  // namespace shortlist
