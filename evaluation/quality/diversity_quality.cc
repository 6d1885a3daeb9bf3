#include "evaluation/quality/diversity_quality.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/progress.h"
#include "common/vector_kernels.h"
#include "evaluation/quality/quality_cutoff.h"
#include "evaluation/ranking_metrics.h"
#include "pipeline/local_pipeline.h"

namespace shortlist {
namespace {

// The first ten with each setting, of one request.
std::vector<std::vector<ItemRow>> ListsOf(const TestCase& test, const Bundle& bundle,
                                          size_t candidate_count,
                                          std::span<const float> diversities) {
  ItemFilter filter;
  filter.Exclude(ItemsOf(test.user));
  const LocalPipeline pipeline;
  const Query query{.candidate_count = candidate_count};
  BoundQuery bound(query, Borrow(bundle), test.user, test.context, filter);
  const std::vector<Candidate> candidates = pipeline.Generate(bound).value();
  const Scores scores = pipeline.Rank(bound, candidates).value();
  std::vector<std::vector<ItemRow>> lists;
  for (float diversity : diversities) {
    std::vector<ItemRow>& list = lists.emplace_back();
    ReRankingRules rules;
    rules.diversity = diversity;
    const std::vector<ShownCandidate> best =
        pipeline.Order(bound, candidates, scores, rules, kQualityCutoff).value();
    for (const ShownCandidate& shown : best) list.push_back(candidates[shown.candidate].item);
  }
  return lists;
}

double MeanDistance(std::span<const ItemRow> list, const TwoTower& towers) {
  double sum = 0;
  size_t pairs = 0;
  for (size_t a = 0; a < list.size(); ++a)
    for (size_t b = a + 1; b < list.size(); ++b, ++pairs)
      sum += 1 - DotProduct(towers.item_embedding(list[a]).data(),
                            towers.item_embedding(list[b]).data(), towers.dim());
  return pairs == 0 ? 0 : sum / static_cast<double>(pairs);
}

}  // namespace

std::vector<DiversityQuality> MeasureDiversity(std::span<const TestCase> cases,
                                               const Bundle& bundle, size_t candidates,
                                               std::span<const float> diversities,
                                               WorkerPool& pool) {
  std::vector<std::vector<std::vector<ItemRow>>> lists(cases.size());
  Progress progress("ranking with diversity", cases.size(), "users");
  constexpr size_t kPart = 1'000;
  for (size_t begin = 0; begin < cases.size(); begin += kPart) {
    const size_t count = std::min(kPart, cases.size() - begin);
    pool.ForEach(count, [&](size_t c) {
      lists[begin + c] = ListsOf(cases[begin + c], bundle, candidates, diversities);
    });
    progress.Update(begin + count);
  }
  progress.Finish();

  const AttributeSchema& schema = bundle.catalog.schema();
  std::vector<DiversityQuality> settings;
  for (size_t s = 0; s < diversities.size(); ++s) {
    DiversityQuality& setting = settings.emplace_back();
    setting.diversity = diversities[s];
    for (size_t c = 0; c < cases.size(); ++c) {
      const std::vector<ItemRow>& list = lists[c][s];
      const double share = 1 / static_cast<double>(cases.size());
      setting.ndcg += share * NdcgAt(list, cases[c].relevant, kQualityCutoff);
      setting.distance += share * MeanDistance(list, bundle.towers);
      std::set<uint32_t> codes;
      for (ItemRow item : list) {
        const auto of_item = bundle.catalog.codes(item);
        codes.insert(of_item.begin(), of_item.end());
      }
      for (uint32_t code : codes)
        if (const auto& field = schema.fields()[schema.FieldOf(code)];
            field.type != AttributeType::kNumber)
          setting.values[field.name] += share;
    }
  }
  return settings;
}

std::string FormatDiversity(std::span<const DiversityQuality> settings) {
  std::string text = "diversity   ndcg@10  distance@10";
  if (settings.empty()) return text;
  for (const auto& [attribute, _] : settings[0].values)
    absl::StrAppend(&text, "  ", attribute, "@10");
  text += "\n";
  for (const DiversityQuality& setting : settings) {
    absl::StrAppendFormat(&text, "%9g  %8.4f  %11.4f", setting.diversity, setting.ndcg,
                          setting.distance);
    for (const auto& [attribute, count] : setting.values)
      absl::StrAppendFormat(&text, "  %*.2f", static_cast<int>(attribute.size() + 3), count);
    text += "\n";
  }
  return text;
}

}  // namespace shortlist
