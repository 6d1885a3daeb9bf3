#include "evaluation/quality/rung_quality.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/progress.h"
#include "evaluation/ranking_metrics.h"
#include "pipeline/local_pipeline.h"

namespace shortlist {
namespace {

constexpr size_t kCutoff = 10;

const char* NameOf(RungId rung) {
  switch (rung) {
    case kFullRung:
      return "full";
    case kFewerCandidatesRung:
      return "fewer candidates";
    case kLowerEffortRung:
      return "lower effort";
    case kUnrankedRung:
      return "unranked";
    case kRankedPopularRung:
      return "ranked popular";
    case kPopularRung:
      return "popular";
    case kPrecomputedRung:
      return "precomputed";
    default:
      return "unknown";
  }
}

double NdcgOf(const TestCase& test, const Bundle& bundle, const LocalPipeline& pipeline,
              size_t candidates) {
  ItemFilter filter;
  filter.Exclude(ItemsOf(test.user));
  const Query query{.count = kCutoff, .candidate_count = candidates};
  BoundQuery bound(query, Borrow(bundle), test.user, test.context, filter);
  const Answer answer = pipeline.Run(bound).value();
  std::vector<ItemRow> list;
  for (const AnswerItem& item : answer.items) list.push_back(item.item);
  return NdcgAt(list, test.relevant, kCutoff);
}

}  // namespace

std::vector<RungQuality> MeasureRungs(std::span<const TestCase> cases, const Bundle& bundle,
                                      size_t candidates, std::span<const Rung> rungs,
                                      WorkerPool& pool) {
  std::vector<RungQuality> measured;
  Progress progress("answering by each rung", cases.size() * rungs.size(), "answers");
  constexpr size_t kPart = 1'000;
  size_t done = 0;
  for (size_t r = 0; r < rungs.size(); ++r) {
    const LocalPipeline pipeline(rungs.subspan(r, 1));
    std::vector<double> ndcg(cases.size());
    for (size_t begin = 0; begin < cases.size(); begin += kPart) {
      const size_t count = std::min(kPart, cases.size() - begin);
      pool.ForEach(count, [&](size_t c) {
        ndcg[begin + c] = NdcgOf(cases[begin + c], bundle, pipeline, candidates);
      });
      progress.Update(done += count);
    }
    RungQuality& quality = measured.emplace_back(RungQuality{.rung = rungs[r].id});
    for (const double value : ndcg) quality.ndcg += value / static_cast<double>(cases.size());
  }
  progress.Finish();
  return measured;
}

std::string FormatRungs(std::span<const RungQuality> rungs) {
  std::string text = "rung              ndcg@10  of full\n";
  for (const RungQuality& rung : rungs)
    absl::StrAppendFormat(&text, "%-16s  %7.4f  %7.3f\n", NameOf(rung.rung), rung.ndcg,
                          rungs[0].ndcg > 0 ? rung.ndcg / rungs[0].ndcg : 0);
  return text;
}

}  // namespace shortlist
