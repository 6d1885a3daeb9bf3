#include "serving/requests/candidate_settings.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "serving/requests/field_checks.h"

namespace shortlist {
namespace {

constexpr FieldPath kCandidates{nullptr, "candidates"};
constexpr int64_t kYear = 31'536'000;

// Whether candidates can come from there without being named by the caller.
bool IsSource(v1::SourceId source) {
  return v1::SourceId_IsValid(source) && source != v1::CANDIDATE_SOURCE_UNSPECIFIED &&
         source != v1::CANDIDATE_SOURCE_PINNED && source != v1::CANDIDATE_SOURCE_GIVEN;
}

// What the source needs is in another field.
absl::Status CheckNeeds(const FieldPath& field, v1::SourceId source,
                        const v1::CandidatesConfig& config) {
  const auto needs = [&](std::string_view other) {
    return Invalid(field, std::string("needs candidates.").append(other));
  };
  if (source == v1::CANDIDATE_SOURCE_POPULAR_IN_SEGMENT && config.segment_attribute().empty())
    return needs("segment_attribute");
  if (source == v1::CANDIDATE_SOURCE_TRENDING && config.trending_half_life_seconds() == 0)
    return needs("trending_half_life_seconds");
  return absl::OkStatus();
}

absl::StatusOr<CandidateMix> MixOf(const FieldPath& path, const v1::CandidateMix& message,
                                   const v1::CandidatesConfig& config) {
  CandidateMix mix;
  double sum = 0;
  for (int i = 0; i < message.sources_size(); ++i) {
    const FieldPath source{&path, "sources", i};
    const v1::SourceShare& given = message.sources(i);
    const auto id = static_cast<SourceId>(given.source());
    if (!IsSource(given.source()))
      return Invalid({&source, "source"}, "is not a source that finds candidates");
    if (std::any_of(mix.begin(), mix.end(), [&](const auto& other) { return other.source == id; }))
      return Invalid({&source, "source"}, v1::SourceId_Name(given.source()) + " is there twice");
    RETURN_IF_ERROR(CheckNeeds({&source, "source"}, given.source(), config));
    if (!(given.share() > 0 && given.share() <= 1))
      return Invalid({&source, "share"}, "must be above 0 and at most 1");
    sum += given.share();
    mix.push_back({.source = id, .share = given.share()});
  }
  if (std::abs(sum - 1) > 1e-6)
    return Invalid({&path, "sources"}, absl::StrCat("shares sum to ", sum, " and not to 1"));
  return mix;
}

}  // namespace

absl::StatusOr<CandidateSettings> CandidateSettingsOf(const v1::CandidatesConfig& config) {
  RETURN_IF_ERROR(CheckText({&kCandidates, "newest_attribute"}, config.newest_attribute()));
  RETURN_IF_ERROR(CheckText({&kCandidates, "segment_attribute"}, config.segment_attribute()));
  const FieldPath half_life{&kCandidates, "trending_half_life_seconds"};
  if (config.trending_half_life_seconds() != 0)
    RETURN_IF_ERROR(CheckRange(half_life, config.trending_half_life_seconds(), 60, kYear));
  CandidateSettings settings{.mixes = {},
                             .sources = {.newest_attribute = config.newest_attribute(),
                                         .segment_attribute = config.segment_attribute()}};
  for (int i = 0; i < config.mixes_size(); ++i) {
    const FieldPath path{&kCandidates, "mixes", i};
    const v1::CandidateMix& mix = config.mixes(i);
    const FieldPath level{&path, "level"};
    if (!v1::ColdStartLevel_IsValid(mix.level()) || mix.level() == v1::COLD_START_LEVEL_UNSPECIFIED)
      return Invalid(level, "is missing, or not a level");
    ASSIGN_OR_RETURN(CandidateMix shares, MixOf(path, mix, config));
    if (!settings.mixes.emplace(static_cast<ColdStartLevel>(mix.level()), std::move(shares)).second)
      return Invalid(level, v1::ColdStartLevel_Name(mix.level()) + " has a mix already");
  }
  return settings;
}

}  // namespace shortlist
