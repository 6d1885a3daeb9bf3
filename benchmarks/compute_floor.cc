#include "benchmarks/compute_floor.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <vector>

#include "benchmarks/thread_clock.h"
#include "common/status_macros.h"
#include "ranking/best_first.h"
#include "retrieval/index/exact_search.h"
#include "serving/requests/filter_compiler.h"
#include "serving/requests/request_validation.h"
#include "serving/requests/user_messages.h"
#include "serving/requests/user_resolver.h"

namespace shortlist {
namespace {

struct ComputeRequest {
  v1::ItemFilter filter;
  EncodedUser user;
  EncodedContext context;
  size_t candidates;
  size_t count;
};

absl::StatusOr<ComputeRequest> Resolve(const v1::RecommendRequest& request, const Bundle& bundle,
                                       const UserStateStore& states) {
  v1::UserState user;
  if (request.has_anonymous()) {
    RETURN_IF_ERROR(StateOfAnonymous(request.anonymous(), bundle, user));
  } else {
    UserState state;
    RETURN_IF_ERROR(states.Read(request.user_id(), state).status());
    ToMessage(state, user);
  }
  return ComputeRequest{
      .filter = request.filter(),
      .user = ResolveUser(user, bundle),
      .context = ResolveContext(request.context(), bundle),
      .candidates = static_cast<size_t>(request.has_candidate_count() ? request.candidate_count()
                                                                      : kDefaultCandidateCount),
      .count = static_cast<size_t>(request.has_count() ? request.count() : kDefaultCount)};
}

absl::StatusOr<ItemFilter> FilterOf(const ComputeRequest& request, const Bundle& bundle) {
  ASSIGN_OR_RETURN(ItemFilter filter, CompileFilter(request.filter, bundle));
  filter.Exclude(ItemsOf(request.user));
  return filter;
}

// How many bytes of the bundle both stages read for a request, at least: what neither holds twice.
absl::StatusOr<size_t> Traffic(const Bundle& bundle, const ComputeRequest& request) {
  constexpr size_t kCacheLine = 64;
  ASSIGN_OR_RETURN(const ItemFilter filter, FilterOf(request, bundle));
  size_t searched = 0;
  std::vector<ScoredItem> found(std::min<size_t>(request.candidates, bundle.index->item_count()));
  found.resize(bundle.index->Search(bundle.towers.UserVector(request.user, request.context), filter,
                                    {.bytes_read = &searched}, found));
  size_t factors = 0;
  for (const ItemFactors* regression : {&bundle.history_regression, &bundle.next_regression})
    factors +=
        (std::min(request.user.history.size(), regression->weights().size()) + found.size()) *
        regression->row_size();
  // Of a candidate its attributes and what they come to; its embedding was read by the search.
  return searched + factors + found.size() * kCacheLine;
}

// Null where the filter leaves nothing to be found.
absl::StatusOr<std::optional<double>> Recall(const Bundle& bundle, const ComputeRequest& request) {
  ASSIGN_OR_RETURN(const ItemFilter filter, FilterOf(request, bundle));
  const std::vector<float> query = bundle.towers.UserVector(request.user, request.context);
  std::unordered_set<ItemRow> exact;
  for (const ScoredItem& item : SearchExactly(bundle.towers.item_embeddings(), bundle.towers.dim(),
                                              query, filter, request.candidates))
    exact.insert(item.item);
  if (exact.empty()) return std::nullopt;
  size_t found = 0;
  for (const ScoredItem& item : bundle.index->Search(query, filter, request.candidates))
    found += exact.count(item.item);
  return static_cast<double>(found) / static_cast<double>(exact.size());
}

}  // namespace

absl::StatusOr<nlohmann::json> MeasureCompute(const Bundle& bundle, const UserStateStore& states,
                                              const RequestMix& mix, size_t requests,
                                              size_t recall_queries) {
  std::vector<ComputeRequest> resolved;
  for (size_t i = 0; i < requests; ++i) {
    ASSIGN_OR_RETURN(resolved.emplace_back(), Resolve(mix.Make(i), bundle, states));
  }

  std::vector<double> candidates_us, ranking_us;
  size_t candidate_count = 0;
  for (int pass = 0; pass < 2; ++pass) {  // The first one warms up.
    candidates_us.clear();
    ranking_us.clear();
    candidate_count = 0;
    std::vector<float> scores;
    for (const ComputeRequest& request : resolved) {
      const double begin = ThreadMicros();
      ASSIGN_OR_RETURN(const ItemFilter filter, FilterOf(request, bundle));
      const std::vector<Candidate> candidates =
          bundle.candidates->Generate(request.user, request.context, filter, request.candidates);
      const double generated = ThreadMicros();
      scores.resize(candidates.size());
      bundle.ranker->Score(request.user, request.context, candidates, scores);
      BestFirst(scores, request.count);
      ranking_us.push_back(ThreadMicros() - generated);
      candidates_us.push_back(generated - begin);
      candidate_count += candidates.size();
    }
  }

  size_t traffic = 0;
  for (const ComputeRequest& request : resolved) {
    ASSIGN_OR_RETURN(const size_t bytes, Traffic(bundle, request));
    traffic += bytes;
  }
  std::vector<double> recalls;
  const size_t queries = std::min(recall_queries, resolved.size());
  for (size_t i = 0; i < queries; ++i) {
    ASSIGN_OR_RETURN(const std::optional<double> share,
                     Recall(bundle, resolved[i * (resolved.size() / queries)]));
    if (share) recalls.push_back(*share);
  }
  auto mean = [](const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  return nlohmann::json{
      {"items", bundle.catalog.item_count()},
      {"dim", bundle.towers.dim()},
      {"bundle_id", bundle.id},
      {"requests", requests},
      {"candidates", static_cast<double>(candidate_count) / static_cast<double>(requests)},
      {"candidates_us", mean(candidates_us)},
      {"ranking_us", mean(ranking_us)},
      {"compute_cpu_us", mean(candidates_us) + mean(ranking_us)},
      {"traffic_kib", static_cast<double>(traffic) / 1024 / static_cast<double>(requests)},
      {"recall", recalls.empty() ? nlohmann::json() : nlohmann::json(mean(recalls))},
      {"recall_queries", recalls.size()}};
}

}  // namespace shortlist
