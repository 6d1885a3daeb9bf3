#include "serving/swap/canary.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/background/pace.h"
#include "common/log.h"
#include "common/parallel.h"
#include "common/status_macros.h"
#include "retrieval/index/exact_search.h"
#include "serving/swap/canary_probes.h"

namespace shortlist {
namespace {

// Where fewer requests were recorded, others are made up.
constexpr size_t kFewestRequests = 32;
// Candidates of a request that are compared by score.
constexpr size_t kCompared = 500;
// The best of an answer, whose probabilities count.
constexpr size_t kBest = 20;
// Nearest items of a request that are compared with those of exact search and of the other bundle,
// and of how many requests. In a small catalog they are a tenth of it.
constexpr size_t kNearest = 100;
constexpr size_t kSearches = 32;
// Answers may be empty that were not, as where the last items of a filter are gone.
constexpr double kMostEmpty = 0.05;
// Scores that differ by less are the same.
constexpr float kSameScore = 1e-6F;
// Below that share of known items two bundles are not compared: their catalogs are different ones.
constexpr double kFewestKnown = 0.2;
// Pairs of items in both answers that make a comparison of their order.
constexpr size_t kFewestPairs = 100;

absl::Status Refused(std::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("canary: ", std::string(why)));
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// How many pairs are in the same order by both scores, of how many. Pairs that one of them does not
// tell apart count half.
struct Pairs {
  double same = 0;
  size_t count = 0;
  void Add(const std::vector<std::pair<float, float>>& scores) {
    for (size_t i = 0; i < scores.size(); ++i)
      for (size_t j = 0; j < i; ++j) {
        const float a = scores[i].first - scores[j].first;
        const float b = scores[i].second - scores[j].second;
        same += a * b > 0 ? 1 : a * b < 0 ? 0 : 0.5;
        ++count;
      }
  }
};

// Requests whose nearest items can be compared: of users with a history that both bundles know of.
// What is near to a user of whom nothing is known is left to chance by training. Filled up with
// probes.
std::vector<Query> Searches(const std::vector<Query>& requests, const Bundle& served,
                            const Bundle& next, int64_t time_ms) {
  const auto knows = [](const Bundle& bundle, const Query& request) {
    BoundQuery bound(request, Borrow(bundle));
    return !bound.user().history.empty();
  };
  std::vector<Query> searches;
  for (const Query& request : requests)
    if (searches.size() < kSearches && knows(served, request) && knows(next, request))
      searches.push_back(request);
  std::ranges::move(CanaryProbes(served, next, kSearches - searches.size(), time_ms),
                    std::back_inserter(searches));
  return searches;
}

// Vectors of the users of requests, one after the other.
std::vector<float> UserVectors(const std::vector<Query>& requests, const Bundle& bundle) {
  std::vector<float> vectors;
  for (const Query& request : requests) {
    BoundQuery bound(request, Borrow(bundle));
    const std::vector<float> vector = bundle.towers.UserVector(bound.user(), bound.context());
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }
  return vectors;
}

}  // namespace

Canary::Canary(const RecordedQueries& recorded, const CanarySettings& settings, Scope scope,
               const Clock& clock)
    : recorded_(recorded), settings_(settings), scope_(scope), clock_(clock), pipeline_(clock) {}

absl::StatusOr<std::string> Canary::Check(const std::shared_ptr<const Bundle>& served,
                                          const std::shared_ptr<const Bundle>& next) const {
  size_t recorded = 0;
  const std::vector<Query> requests = Requests(*served, *next, recorded);
  if (requests.empty()) return Refused("the bundle has no items");
  std::string found = absl::StrCat(requests.size(), " requests, ", recorded, " of them recorded");
  LogInfo(absl::StrCat("version ", next->version, " is tried with ", found));
  RETURN_IF_ERROR(CheckAnswers(served, next, requests, found));
  if (scope_.candidates) RETURN_IF_ERROR(CheckNearest(*served, *next, requests, found));
  RETURN_IF_ERROR(CheckLatency(served, next, requests, found));
  return found;
}

std::vector<Query> Canary::Requests(const Bundle& served, const Bundle& next,
                                    size_t& recorded) const {
  std::vector<Query> requests = recorded_.Latest(settings_.requests);
  recorded = requests.size();
  const size_t wanted = std::min(kFewestRequests, settings_.requests);
  if (requests.size() < wanted)
    std::ranges::move(
        CanaryProbes(served, next, wanted - requests.size(), absl::ToUnixMillis(clock_())),
        std::back_inserter(requests));
  for (Query& request : requests) {
    request.count = kCompared;
    request.candidate_count = kCompared;
  }
  return requests;
}

absl::Status Canary::Rest() const {
  Pace::Keep();
  return stopping_ ? absl::UnavailableError("the service stops") : absl::OkStatus();
}

absl::StatusOr<std::vector<Canary::Item>> Canary::Ask(
    const Query& query, const std::shared_ptr<const Bundle>& bundle) const {
  BoundQuery bound(query, bundle);
  std::vector<Item> items;
  if (!scope_.scores) {
    ASSIGN_OR_RETURN(const std::vector<Candidate> candidates, pipeline_.Generate(bound));
    for (const Candidate& candidate : candidates)
      items.push_back({.id = std::string(bundle->catalog.id(candidate.item)),
                       .score = candidate.score,
                       .probability = 0});
    return items;
  }
  ASSIGN_OR_RETURN(const Answer answer, pipeline_.Run(bound));
  for (const AnswerItem& item : answer.items)
    items.push_back({.id = std::string(bundle->catalog.id(item.item)),
                     .score = item.score,
                     .probability = item.probability});
  return items;
}

absl::Status Canary::CheckAnswers(const std::shared_ptr<const Bundle>& served,
                                  const std::shared_ptr<const Bundle>& next,
                                  const std::vector<Query>& requests, std::string& found) const {
  size_t empty = 0, constant = 0, compared = 0;
  double probability = 0, probability_now = 0;
  size_t best = 0, best_now = 0;
  Pairs pairs;
  const auto add_best = [](const std::vector<Item>& items, double& sum, size_t& count) {
    for (size_t i = 0; i < std::min(kBest, items.size()); ++i, ++count) sum += items[i].probability;
  };
  for (size_t i = 0; i < requests.size(); ++i) {
    RETURN_IF_ERROR(Rest());
    const absl::StatusOr<std::vector<Item>> now = Ask(requests[i], served);
    const absl::StatusOr<std::vector<Item>> then = Ask(requests[i], next);
    if (!now.ok()) continue;  // It could not be answered anyhow.
    if (!then.ok())
      return Refused(absl::StrCat("request ", i + 1, " of ", requests.size(),
                                  " fails: ", then.status().ToString()));
    if (then->empty() && !now->empty()) ++empty;
    for (const Item& item : *then)
      if (!std::isfinite(item.score) || !(item.probability >= 0 && item.probability <= 1))
        return Refused(absl::StrCat("the score of item \"", item.id, "\" is ", item.score,
                                    ", its probability ", item.probability));
    if (then->size() >= 2) {
      ++compared;
      if (then->front().score - then->back().score < kSameScore) ++constant;
    }
    if (!scope_.scores) continue;
    add_best(*now, probability_now, best_now);
    add_best(*then, probability, best);
    // The candidates of the present bundle, as the next one ranks them.
    Query given = requests[i];
    given.candidate_item_ids.clear();
    std::unordered_map<std::string_view, float> scores_now;
    for (const Item& item : *now) {
      given.candidate_item_ids.push_back(item.id);
      scores_now.emplace(item.id, item.score);
    }
    if (given.candidate_item_ids.empty()) continue;
    const absl::StatusOr<std::vector<Item>> ranked = Ask(given, next);
    if (!ranked.ok()) continue;
    std::vector<std::pair<float, float>> both;
    for (const Item& item : *ranked)
      if (const auto it = scores_now.find(item.id); it != scores_now.end())
        both.emplace_back(it->second, item.score);
    pairs.Add(both);
  }
  const double share_empty = static_cast<double>(empty) / static_cast<double>(requests.size());
  if (share_empty > kMostEmpty)
    return Refused(
        absl::StrFormat("%d of %d answers are empty that are not now", empty, requests.size()));
  if (constant * 2 > compared)
    return Refused(
        absl::StrFormat("in %d of %d answers all items have the same score", constant, compared));
  if (!scope_.scores) return absl::OkStatus();
  if (pairs.count >= kFewestPairs) {
    const double agreement = pairs.same / static_cast<double>(pairs.count);
    if (agreement < settings_.min_agreement)
      return Refused(
          absl::StrFormat("%.1f%% of pairs of items are in the same order as now, and not "
                          "%.1f%% (min_agreement)",
                          agreement * 100, settings_.min_agreement * 100));
    absl::StrAppend(&found,
                    absl::StrFormat("; %.1f%% of pairs in the same order as now", agreement * 100));
  }
  if (best > 0 && best_now > 0) {
    probability /= static_cast<double>(best);
    probability_now /= static_cast<double>(best_now);
    const double ratio = settings_.max_probability_ratio;
    // Of what is to happen and of what is not: both sides of probabilities near 1 count as well.
    const auto differ = [ratio](double a, double b) { return a > b * ratio || b > a * ratio; };
    if (differ(probability, probability_now) || differ(1 - probability, 1 - probability_now))
      return Refused(
          absl::StrFormat("the mean probability of the best %d items is %.3g, which is "
                          "%.3g now (max_probability_ratio %g)",
                          kBest, probability, probability_now, ratio));
    absl::StrAppend(
        &found, absl::StrFormat("; mean probability %.3g, now %.3g", probability, probability_now));
  }
  return absl::OkStatus();
}

absl::Status Canary::CheckNearest(const Bundle& served, const Bundle& next,
                                  const std::vector<Query>& requests, std::string& found) const {
  const std::vector<Query> searches =
      Searches(requests, served, next, absl::ToUnixMillis(clock_()));
  const std::vector<float> vectors = UserVectors(searches, next);
  const size_t dim = next.towers.dim();
  RETURN_IF_ERROR(Rest());
  const size_t k = std::clamp<size_t>(next.catalog.item_count() / 10, 1, kNearest);
  WorkerPool one(1);  // This thread.
  const std::vector<std::vector<ScoredItem>> exact =
      SearchExactly(next.towers.item_embeddings(), dim, vectors, ItemFilter(), k, one);
  const std::vector<float> vectors_now = UserVectors(searches, served);
  const size_t dim_now = served.towers.dim();
  size_t hits = 0, wanted = 0, known = 0, common = 0, nearest = 0;
  for (size_t i = 0; i < searches.size(); ++i) {
    RETURN_IF_ERROR(Rest());
    const std::vector<ScoredItem> items =
        next.index->Search(std::span(vectors).subspan(i * dim, dim), ItemFilter(), k);
    std::unordered_set<ItemRow> rows;
    for (const ScoredItem& item : items) rows.insert(item.item);
    for (const ScoredItem& item : exact[i]) hits += rows.contains(item.item);
    wanted += exact[i].size();
    ItemFilter shown;
    shown.Hide(served.catalog.hidden());
    const std::vector<ScoredItem> items_now =
        served.index->Search(std::span(vectors_now).subspan(i * dim_now, dim_now), shown, k);
    for (const ScoredItem& item : items_now) {
      const std::optional<ItemRow> row = next.catalog.FindItem(served.catalog.id(item.item));
      if (!row) continue;
      ++known;
      common += rows.contains(*row);
    }
    nearest += items_now.size();
  }
  const double recall = static_cast<double>(hits) / static_cast<double>(wanted);
  if (recall < settings_.min_recall)
    return Refused(
        absl::StrFormat("the index finds %.1f%% of the nearest %d items, and not %.1f%% "
                        "(min_recall)",
                        recall * 100, k, settings_.min_recall * 100));
  absl::StrAppend(&found, absl::StrFormat("; recall %.3f", recall));
  if (known == 0 || static_cast<double>(known) < kFewestKnown * static_cast<double>(nearest)) {
    absl::StrAppend(&found, "; too few items in common to compare the nearest");
    return absl::OkStatus();
  }
  // What rows at random would have in common is taken off.
  const double chance = static_cast<double>(k) / next.catalog.item_count();
  const double share = static_cast<double>(common) / static_cast<double>(known);
  const double overlap = chance < 1 ? (share - chance) / (1 - chance) : 1;
  if (overlap < settings_.min_overlap)
    return Refused(
        absl::StrFormat("of the nearest %d items %.1f%% are those of now, beyond chance "
                        "%.1f%%, and not %.1f%% (min_overlap)",
                        k, share * 100, overlap * 100, settings_.min_overlap * 100));
  absl::StrAppend(&found, absl::StrFormat("; %.1f%% of the nearest as now", share * 100));
  return absl::OkStatus();
}

absl::Status Canary::CheckLatency(const std::shared_ptr<const Bundle>& served,
                                  const std::shared_ptr<const Bundle>& next,
                                  const std::vector<Query>& requests, std::string& found) const {
  std::vector<double> times, times_now;
  const auto time = [&](const Query& query, const std::shared_ptr<const Bundle>& bundle) {
    const absl::Time begin = clock_();
    Ask(query, bundle).IgnoreError();
    return absl::ToDoubleMilliseconds(clock_() - begin);
  };
  // Who is first in a turn changes: the second finds the user's side in the cache.
  for (size_t i = 0; i < requests.size(); ++i) {
    RETURN_IF_ERROR(Rest());
    if (i % 2 == 0) times_now.push_back(time(requests[i], served));
    times.push_back(time(requests[i], next));
    if (i % 2 == 1) times_now.push_back(time(requests[i], served));
  }
  const double median = Median(std::move(times)), median_now = Median(std::move(times_now));
  if (median > median_now * settings_.max_latency_ratio)
    return Refused(
        absl::StrFormat("the median request takes %.2f ms, which is %.2f ms now "
                        "(max_latency_ratio %g)",
                        median, median_now, settings_.max_latency_ratio));
  absl::StrAppend(&found, absl::StrFormat("; median %.2f ms, now %.2f ms", median, median_now));
  return absl::OkStatus();
}

}  // namespace shortlist
