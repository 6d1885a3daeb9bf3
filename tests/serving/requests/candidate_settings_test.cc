#include "serving/requests/candidate_settings.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/text_proto.h"

namespace shortlist {
namespace {

v1::CandidatesConfig ConfigOf(const std::string& text) {
  v1::CandidatesConfig config;
  EXPECT_TRUE(ParseTextProto(text, "test", config).ok()) << text;
  return config;
}
std::string ErrorOf(const std::string& text) {
  const absl::Status status = CandidateSettingsOf(ConfigOf(text)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}
// A mix of a level with these sources.
std::string Mix(const std::string& sources) {
  return "mixes { level: COLD_START_LEVEL_CONTEXT " + sources + " }";
}

TEST(CandidateSettings, AreWhatTheConfigurationSays) {
  const CandidateSettings settings = CandidateSettingsOf(ConfigOf(R"(
    newest_attribute: "year"
    segment_attribute: "gender"
    mixes {
      level: COLD_START_LEVEL_ATTRIBUTES
      sources { source: CANDIDATE_SOURCE_POPULAR_IN_SEGMENT share: 0.4 }
      sources { source: CANDIDATE_SOURCE_TWO_TOWER share: 0.6 }
    })"))
                                         .value();
  EXPECT_EQ(settings.sources.newest_attribute, "year");
  EXPECT_EQ(settings.sources.segment_attribute, "gender");
  const CandidateMix& mix = *settings.MixOf(ColdStartLevel::kAttributes);
  ASSERT_EQ(mix.size(), 2u);
  EXPECT_EQ(mix[0].source, SourceId::kPopularInSegment);
  EXPECT_EQ(mix[0].share, 0.4);
  EXPECT_EQ(settings.MixOf(ColdStartLevel::kContext), nullptr);
  EXPECT_TRUE(CandidateSettingsOf({})->mixes.empty());
}

TEST(CandidateSettings, NameTheFieldThatIsWrong) {
  EXPECT_EQ(ErrorOf(Mix("")), "candidates.mixes[0].sources: shares sum to 0 and not to 1");
  EXPECT_EQ(ErrorOf("mixes { sources { source: CANDIDATE_SOURCE_POPULAR share: 1 } }"),
            "candidates.mixes[0].level: is missing, or not a level");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_POPULAR share: 1 }") +
                    Mix("sources { source: CANDIDATE_SOURCE_NEWEST share: 1 }")),
            "candidates.mixes[1].level: COLD_START_LEVEL_CONTEXT has a mix already");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_POPULAR share: 0.7 }")),
            "candidates.mixes[0].sources: shares sum to 0.7 and not to 1");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_POPULAR share: 1.5 }")),
            "candidates.mixes[0].sources[0].share: must be above 0 and at most 1");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_POPULAR share: nan }")),
            "candidates.mixes[0].sources[0].share: must be above 0 and at most 1");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_PINNED share: 1 }")),
            "candidates.mixes[0].sources[0].source: is not a source that finds candidates");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_POPULAR share: 0.5 }"
                        "sources { source: CANDIDATE_SOURCE_POPULAR share: 0.5 }")),
            "candidates.mixes[0].sources[1].source: CANDIDATE_SOURCE_POPULAR is there twice");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_TRENDING share: 1 }")),
            "candidates.mixes[0].sources[0].source: needs candidates.trending_half_life_seconds");
  EXPECT_EQ(ErrorOf(Mix("sources { source: CANDIDATE_SOURCE_POPULAR_IN_SEGMENT share: 1 }")),
            "candidates.mixes[0].sources[0].source: needs candidates.segment_attribute");
  EXPECT_EQ(ErrorOf("trending_half_life_seconds: -1"),
            "candidates.trending_half_life_seconds: must be 60 to 31536000, is -1");
}

}  // namespace
}  // namespace shortlist
