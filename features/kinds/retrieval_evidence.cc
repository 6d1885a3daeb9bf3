#include "features/kinds/retrieval_evidence.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

class TowerScore : public FeatureComputer {
 public:
  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    columns.numbers.reserve(request.candidates.size());
    for (const Candidate& candidate : request.candidates)
      columns.numbers.push_back(candidate.score);
  }
};

// log(1 + position among the candidates).
class LogRank : public FeatureComputer {
 public:
  LogRank() {
    for (size_t position = 0; position < kKept; ++position) log_ranks_.push_back(Of(position));
  }

  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    const size_t count = request.candidates.size();
    columns.numbers.assign(log_ranks_.begin(),
                           log_ranks_.begin() + static_cast<ptrdiff_t>(std::min(count, kKept)));
    for (size_t position = kKept; position < count; ++position)
      columns.numbers.push_back(Of(position));
  }

 private:
  static constexpr size_t kKept = 5'000;
  static float Of(size_t position) { return std::log1p(static_cast<float>(position)); }

  std::vector<float> log_ranks_;
};

// Of a candidate that is there only because it is pinned, or of a source that training does not
// know, the source is missing. One that was given has the source that it would have under a filter
// that nothing but the given items pass: the towers.
class Source : public FeatureComputer {
 public:
  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    columns.categories.reserve(request.candidates.size());
    for (const Candidate& candidate : request.candidates) {
      const auto source = static_cast<uint8_t>(
          candidate.source == SourceId::kGiven ? SourceId::kTwoTower : candidate.source);
      columns.categories.push_back(source <= kSourceCount ? source : 0);
    }
  }

  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& /*request*/,
                       const Candidate& candidate, size_t /*position*/) const override {
    switch (candidate.source) {
      case SourceId::kTwoTower:
        return "two towers";
      case SourceId::kSimilarToRecent:
        return "similar to recent";
      case SourceId::kPopular:
        return "popular";
      case SourceId::kPinned:
        return "pinned";
      case SourceId::kGiven:
        return "given";
      case SourceId::kPopularInSegment:
        return "popular in segment";
      case SourceId::kTrending:
        return "trending";
      case SourceId::kNewest:
        return "newest";
    }
    return absl::StrCat("source ", static_cast<int>(candidate.source));
  }
};

template <class Computer>
std::unique_ptr<FeatureComputer> Make(const FeatureInputs& /*inputs*/) {
  return std::make_unique<Computer>();
}

}  // namespace

const FeatureKindInfo kTowerScoreKind{.kind = FeatureKind::kTowerScore,
                                      .group = "tower score and rank",
                                      .shape = FeatureShape::kColumn,
                                      .make = Make<TowerScore>,
                                      .has_number = true};
const FeatureKindInfo kLogRankKind{.kind = FeatureKind::kLogRank,
                                   .group = "tower score and rank",
                                   .shape = FeatureShape::kColumn,
                                   .make = Make<LogRank>,
                                   .has_number = true};
const FeatureKindInfo kSourceKind{.kind = FeatureKind::kSource,
                                  .group = "candidate source",
                                  .shape = FeatureShape::kCategory,
                                  .make = Make<Source>,
                                  .categories = kSourceCount};

}  // namespace shortlist
