#include "evaluation/quality/ranker_quality.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_format.h"
#include "data/past_request.h"
#include "evaluation/quality/quality_cutoff.h"
#include "evaluation/ranking_metrics.h"
#include "pipeline/local_pipeline.h"
#include "ranking/log_loss.h"

namespace shortlist {
namespace {

constexpr size_t kBins = 20;

// The candidates of one request as every variant sees them.
struct RankedRequest {
  std::vector<float> labels;
  std::vector<std::vector<double>> logits;  // By variant.
  std::vector<double> ndcg;                 // By variant.
};

RankedRequest Rank(const Dataset& dataset, const PastRequests& requests,
                   const UserSequence& sequence, uint32_t user, const Bundle& bundle,
                   std::span<const RankerVariant> variants, size_t candidate_count) {
  const PastRequest past = requests.Before(sequence, user, sequence.valid_end);
  ItemFilter filter;
  filter.Exclude(ItemsOf(past.user));
  const LocalPipeline pipeline;
  const Query query{.count = 0, .candidate_count = candidate_count};
  BoundQuery bound(query, Borrow(bundle), past.user, past.context, filter);
  const std::vector<Candidate> candidates = pipeline.Generate(bound).value();
  ItemSet next, relevant;
  const size_t horizon = sequence.valid_end - sequence.train_end;
  for (size_t i = sequence.valid_end; i < sequence.end; ++i) {
    relevant.insert(dataset.interactions[i].item);
    if (i < sequence.valid_end + horizon) next.insert(dataset.interactions[i].item);
  }
  for (const HistoryEntry& entry : past.user.history) relevant.erase(entry.item);

  RankedRequest ranked;
  ranked.logits.resize(variants.size());
  const FeatureExtractor::Request request =
      bundle.extractor->Begin(past.user, past.context, candidates);
  std::vector<FeatureValue> values;
  for (size_t position = 0; position < candidates.size(); ++position) {
    ranked.labels.push_back(next.contains(candidates[position].item) ? 1.0F : 0.0F);
    bundle.extractor->Compute(request, position, values);
    for (size_t v = 0; v < variants.size(); ++v) {
      double logit = variants[v].weights.bias;
      for (const FeatureValue& value : values)
        logit += double{variants[v].weights.weights[value.index]} * value.value;
      ranked.logits[v].push_back(logit);
    }
  }
  for (const std::vector<double>& logits : ranked.logits) {
    ranked.ndcg.push_back(
        NdcgAt(BestItems(candidates, logits, kQualityCutoff), relevant, kQualityCutoff));
  }
  return ranked;
}

}  // namespace

std::vector<ItemRow> BestItems(std::span<const Candidate> candidates, std::span<const double> keys,
                               size_t count) {
  std::vector<size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return keys[a] > keys[b]; });
  std::vector<ItemRow> items;
  for (size_t i = 0; i < std::min(count, order.size()); ++i)
    items.push_back(candidates[order[i]].item);
  return items;
}

std::vector<uint32_t> UsersToJudgeBy(std::span<const UserSequence> sequences,
                                     const RankerQualityOptions& options) {
  std::vector<uint32_t> users;
  for (uint32_t user = 0; user < sequences.size(); ++user)
    if (sequences[user].train_end < sequences[user].valid_end &&
        sequences[user].valid_end < sequences[user].end)
      users.push_back(user);
  return SampleUsers(std::move(users), options.max_requests, options.seed);
}

std::vector<RankerQuality> MeasureRankers(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const Bundle& bundle,
                                          std::span<const RankerVariant> variants,
                                          const RankerQualityOptions& options, WorkerPool& pool) {
  const std::vector<uint32_t> users = UsersToJudgeBy(sequences, options);
  if (users.empty()) return {};
  const PastRequests past(dataset);
  std::vector<RankedRequest> requests(users.size());
  pool.ForEach(users.size(), [&](size_t r) {
    requests[r] =
        Rank(dataset, past, sequences[users[r]], users[r], bundle, variants, options.candidates);
  });
  std::vector<float> labels;
  std::vector<uint32_t> groups;
  for (uint32_t r = 0; r < requests.size(); ++r) {
    labels.insert(labels.end(), requests[r].labels.begin(), requests[r].labels.end());
    groups.resize(labels.size(), r);
  }
  std::vector<RankerQuality> rankers(variants.size());
  pool.ForEach(variants.size(), [&](size_t v) {
    RankerQuality& ranker = rankers[v];
    ranker.name = variants[v].name;
    const LogisticWeights& weights = variants[v].weights;
    std::vector<double> logits, probabilities;
    for (const RankedRequest& request : requests) {
      ranker.ndcg += request.ndcg[v] / static_cast<double>(requests.size());
      for (double logit : request.logits[v])
        logits.push_back(double{weights.calibration_slope} * logit + weights.calibration_offset);
    }
    for (size_t i = 0; i < logits.size(); ++i) {
      probabilities.push_back(Sigmoid(logits[i]));
      ranker.log_loss += LogLoss(logits[i], labels[i]) / static_cast<double>(logits.size());
    }
    ranker.auc = Auc(logits, labels);
    ranker.gauc = GroupedAuc(logits, labels, groups);
    ranker.reliability = Reliability(probabilities, labels, kBins);
    ranker.ece = ExpectedCalibrationError(ranker.reliability);
  });
  return rankers;
}

std::string FormatRankers(std::span<const RankerQuality> rankers) {
  size_t first = 0;
  for (const RankerQuality& ranker : rankers) first = std::max(first, ranker.name.size());
  std::string text(first, ' ');
  text += "   ndcg@10       auc      gauc  log loss       ece\n";
  for (const RankerQuality& ranker : rankers)
    absl::StrAppendFormat(&text, "%-*s  %8.4f  %8.4f  %8.4f  %8.5f  %8.5f\n",
                          static_cast<int>(first), ranker.name, ranker.ndcg, ranker.auc,
                          ranker.gauc, ranker.log_loss, ranker.ece);
  return text;
}

}  // namespace shortlist
