#include "evaluation/quality/rung_quality.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/progress.h"
#include "evaluation/quality/quality_cutoff.h"
#include "evaluation/ranking_metrics.h"
#include "evaluation/recommenders.h"

namespace shortlist {
namespace {

const char* NameOf(RungId id) {
  const std::span<const Rung> rungs = RungTable();
  const auto rung = std::ranges::find(rungs, id, &Rung::id);
  return rung == rungs.end() ? "unknown" : rung->name;
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
    const Recommend recommend = FirstRung(bundle, candidates, rungs.subspan(r, 1));
    std::vector<double> ndcg(cases.size());
    for (size_t begin = 0; begin < cases.size(); begin += kPart) {
      const size_t count = std::min(kPart, cases.size() - begin);
      pool.ForEach(count, [&](size_t c) {
        const TestCase& test = cases[begin + c];
        ItemFilter filter;
        filter.Exclude(ItemsOf(test.user));
        ndcg[begin + c] =
            NdcgAt(recommend(test, filter, kQualityCutoff), test.relevant, kQualityCutoff);
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
