#include "retrieval/sources/source_table.h"

#include "retrieval/sources/newest_source.h"
#include "retrieval/sources/popular_in_segment_source.h"
#include "retrieval/sources/popular_source.h"
#include "retrieval/sources/similar_to_recent_source.h"
#include "retrieval/sources/trending_source.h"

namespace shortlist {
namespace {

std::unique_ptr<CandidateSource> MakeSimilarToRecent(const SourceParts& parts) {
  return std::make_unique<SimilarToRecentSource>(*parts.similarity, *parts.catalog);
}

std::unique_ptr<CandidateSource> MakePopular(const SourceParts& parts) {
  return std::make_unique<PopularSource>(*parts.catalog);
}

std::unique_ptr<CandidateSource> MakePopularInSegment(const SourceParts& parts) {
  return std::make_unique<PopularInSegmentSource>(*parts.segments, *parts.requests, *parts.catalog);
}

std::unique_ptr<CandidateSource> MakeTrending(const SourceParts& parts) {
  return std::make_unique<TrendingSource>(*parts.catalog);
}

std::unique_ptr<CandidateSource> MakeNewest(const SourceParts& parts) {
  return std::make_unique<NewestSource>(*parts.catalog);
}

}  // namespace

std::span<const CandidateSourceEntry> CandidateSourceTable() {
  static constexpr CandidateSourceEntry kSources[] = {
      {SourceId::kSimilarToRecent, MakeSimilarToRecent, 0.20, 0},
      {SourceId::kPopular, MakePopular, 0.05, 0.50},
      {SourceId::kPopularInSegment, MakePopularInSegment, 0, 0},
      {SourceId::kTrending, MakeTrending, 0, 0},
      {SourceId::kNewest, MakeNewest, 0, 0},
  };
  return kSources;
}

}  // namespace shortlist
