#include "benchmarks/compute_floor.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <vector>

#include "benchmarks/thread_clock.h"
#include "common/status_macros.h"
#include "pipeline/local_pipeline.h"
#include "retrieval/index/exact_search.h"
#include "serving/requests/anonymous_user.h"
#include "serving/requests/query_messages.h"
#include "state/state_projection.h"

namespace shortlist {
namespace {

struct ComputeRequest {
  Query query;
  EncodedUser user;
  EncodedContext context;

  BoundQuery Bind(const Bundle& bundle) const {
    return BoundQuery(query, Borrow(bundle), user, context);
  }
};

absl::StatusOr<ComputeRequest> Resolve(const v1::RecommendRequest& request, const Bundle& bundle,
                                       const UserStateStore& states) {
  ComputeRequest resolved{.query = FromMessage(request), .user = {}, .context = {}};
  if (request.has_anonymous()) {
    ASSIGN_OR_RETURN(resolved.query.user, StateOfAnonymous(request.anonymous(), bundle.requests));
  } else {
    RETURN_IF_ERROR(states.Read(UserKey(request.user_id()), resolved.query.user).status());
  }
  resolved.user = bundle.encoder->Encode(resolved.query.user);
  resolved.context = bundle.encoder->Encode(resolved.query.context, resolved.query.user);
  return resolved;
}

// How many bytes of the bundle both stages read for a request, at least: what neither holds twice.
absl::StatusOr<size_t> Traffic(const Bundle& bundle, const ComputeRequest& request) {
  constexpr size_t kCacheLine = 64;
  ASSIGN_OR_RETURN(const ItemFilter filter, request.Bind(bundle).Filter());
  size_t searched = 0;
  std::vector<ScoredItem> found(
      std::min<size_t>(request.query.candidate_count, bundle.index->item_count()));
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
  ASSIGN_OR_RETURN(const ItemFilter filter, request.Bind(bundle).Filter());
  const std::vector<float> query = bundle.towers.UserVector(request.user, request.context);
  std::unordered_set<ItemRow> exact;
  for (const ScoredItem& item : SearchExactly(bundle.towers.item_embeddings(), bundle.towers.dim(),
                                              query, filter, request.query.candidate_count))
    exact.insert(item.item);
  if (exact.empty()) return std::nullopt;
  size_t found = 0;
  for (const ScoredItem& item : bundle.index->Search(query, filter, request.query.candidate_count))
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

  // The pipeline itself, by the clock of this thread's processor time.
  const LocalPipeline pipeline(
      [] { return absl::UnixEpoch() + absl::Microseconds(ThreadMicros()); });
  std::vector<double> candidates_us, ranking_us;
  size_t candidate_count = 0;
  for (int pass = 0; pass < 2; ++pass) {  // The first one warms up.
    candidates_us.clear();
    ranking_us.clear();
    candidate_count = 0;
    for (const ComputeRequest& request : resolved) {
      BoundQuery bound = request.Bind(bundle);
      const double begin = ThreadMicros();
      ASSIGN_OR_RETURN(const Answer answer, pipeline.Run(bound));
      const double all = ThreadMicros() - begin;
      candidates_us.push_back(absl::ToDoubleMicroseconds(answer.candidates_time));
      ranking_us.push_back(all - candidates_us.back());
      candidate_count += answer.candidates_ranked;
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
