#include "evaluation/quality/liked_quality.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"
#include "data/past_request.h"
#include "evaluation/quality/quality_cutoff.h"
#include "evaluation/ranking_metrics.h"
#include "pipeline/local_pipeline.h"
#include "ranking/log_loss.h"
#include "ranking/value_function.h"

namespace shortlist {
namespace {

constexpr size_t kBins = 10;

// One request: what was taken up of its candidates, and the first ten by every value function.
struct JudgedRequest {
  std::vector<double> probabilities;  // That it is liked, of each candidate taken up.
  std::vector<float> labels;          // Whether it was.
  bool any_liked = false;             // In the test, among the candidates or not.
  struct List {
    double ndcg = 0, liked_ndcg = 0, value = 0;
    size_t hits = 0;
  };
  std::vector<List> lists;  // By worth.
};

JudgedRequest Judge(const Dataset& dataset, const PastRequests& requests,
                    const UserSequence& sequence, uint32_t user, const Bundle& bundle,
                    float liked_value, std::span<const float> worths, size_t candidate_count) {
  const PastRequest past = requests.Before(sequence, user, sequence.valid_end);
  const std::vector<ItemRow> had = ItemsOf(past.user);
  ItemFilter filter;
  filter.Exclude(had);
  const LocalPipeline pipeline;
  const Query query{.count = 0, .candidate_count = candidate_count};
  BoundQuery bound(query, Borrow(bundle), past.user, past.context, filter);
  const std::vector<Candidate> candidates = pipeline.Generate(bound).value();
  absl::flat_hash_map<ItemRow, float> taken;  // With its value.
  for (size_t i = sequence.valid_end; i < sequence.end; ++i)
    taken[dataset.interactions[i].item] = dataset.interactions[i].value;
  for (ItemRow item : had) taken.erase(item);
  ItemSet relevant, liked;
  for (const auto& [item, value] : taken) {
    relevant.insert(item);
    if (value >= liked_value) liked.insert(item);
  }

  const Scores scores = pipeline.Rank(bound, candidates, /*liked=*/true).value();
  JudgedRequest judged;
  judged.any_liked = !liked.empty();
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!taken.contains(candidates[i].item)) continue;
    judged.probabilities.push_back(double{bundle.liked_head->Probability(scores.liked[i])});
    judged.labels.push_back(liked.contains(candidates[i].item) ? 1.0F : 0.0F);
  }
  for (float worth : worths) {
    ReRankingRules rules;
    rules.value_function = ValueFunction{.liked_worth = worth};
    std::vector<ItemRow> rows;
    const std::vector<ShownCandidate> best =
        pipeline.Order(bound, candidates, scores, rules, kQualityCutoff).value();
    for (const ShownCandidate& shown : best) rows.push_back(candidates[shown.candidate].item);
    JudgedRequest::List& list = judged.lists.emplace_back();
    list.ndcg = NdcgAt(rows, relevant, kQualityCutoff);
    if (judged.any_liked) list.liked_ndcg = NdcgAt(rows, liked, kQualityCutoff);
    for (ItemRow row : rows) {
      const auto hit = taken.find(row);
      if (hit == taken.end()) continue;
      ++list.hits;
      list.value += double{hit->second};
    }
  }
  return judged;
}

}  // namespace

LikedQuality MeasureLikedHead(const Dataset& dataset, std::span<const UserSequence> sequences,
                              const Bundle& bundle, float liked_value,
                              std::span<const float> liked_worths,
                              const RankerQualityOptions& options, WorkerPool& pool) {
  const std::vector<uint32_t> users = UsersToJudgeBy(sequences, options);
  const PastRequests past(dataset);
  std::vector<JudgedRequest> requests(users.size());
  pool.ForEach(users.size(), [&](size_t r) {
    requests[r] = Judge(dataset, past, sequences[users[r]], users[r], bundle, liked_value,
                        liked_worths, options.candidates);
  });
  LikedQuality quality;
  for (float worth : liked_worths) quality.values.push_back({.liked_worth = worth});
  std::vector<double> probabilities;
  std::vector<float> labels;
  std::vector<uint32_t> groups;
  double with_liked = 0;
  std::vector<double> hits(liked_worths.size(), 0);
  for (uint32_t r = 0; r < requests.size(); ++r) {
    const JudgedRequest& request = requests[r];
    probabilities.insert(probabilities.end(), request.probabilities.begin(),
                         request.probabilities.end());
    labels.insert(labels.end(), request.labels.begin(), request.labels.end());
    groups.resize(labels.size(), r);
    with_liked += request.any_liked ? 1 : 0;
    for (size_t w = 0; w < liked_worths.size(); ++w) {
      quality.values[w].ndcg += request.lists[w].ndcg;
      quality.values[w].liked_ndcg += request.lists[w].liked_ndcg;
      quality.values[w].mean_value += request.lists[w].value;
      hits[w] += static_cast<double>(request.lists[w].hits);
    }
  }
  for (size_t w = 0; w < liked_worths.size(); ++w) {
    ValueQuality& value = quality.values[w];
    value.ndcg /= static_cast<double>(std::max<size_t>(requests.size(), 1));
    value.liked_ndcg /= std::max(with_liked, 1.0);
    value.mean_value /= std::max(hits[w], 1.0);
    value.hits = hits[w] / static_cast<double>(std::max<size_t>(requests.size(), 1));
  }
  quality.examples = labels.size();
  if (labels.empty()) return quality;
  const auto count = static_cast<double>(labels.size());
  quality.liked_share = std::accumulate(labels.begin(), labels.end(), 0.0) / count;
  const double share = std::clamp(quality.liked_share, 1e-9, 1 - 1e-9);
  for (size_t i = 0; i < labels.size(); ++i) {
    auto loss = [&](double probability) {
      return -std::log(std::clamp(labels[i] > 0 ? probability : 1 - probability, 1e-9, 1.0)) /
             count;
    };
    quality.log_loss += loss(probabilities[i]);
    quality.base_log_loss += loss(share);
  }
  quality.auc = Auc(probabilities, labels);
  quality.gauc = GroupedAuc(probabilities, labels, groups);
  quality.reliability = Reliability(probabilities, labels, kBins);
  quality.ece = ExpectedCalibrationError(quality.reliability);
  return quality;
}

std::string FormatLikedQuality(const LikedQuality& quality) {
  std::string text = absl::StrFormat(
      "%d candidates taken up, %.1f %% of them liked\n"
      "     auc      gauc  log loss  of the share alone       ece\n"
      "%8.4f  %8.4f  %8.5f  %18.5f  %8.5f\n",
      quality.examples, 100 * quality.liked_share, quality.auc, quality.gauc, quality.log_loss,
      quality.base_log_loss, quality.ece);
  if (quality.values.empty()) return text;
  text += "\nliked worth   ndcg@10  ndcg@10 of liked   hits@10  mean value of hits\n";
  for (const ValueQuality& value : quality.values)
    absl::StrAppendFormat(&text, "%11g  %8.4f  %16.4f  %8.3f  %18.3f\n", value.liked_worth,
                          value.ndcg, value.liked_ndcg, value.hits, value.mean_value);
  return text;
}

}  // namespace shortlist
