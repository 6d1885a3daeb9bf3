// What scoring the candidates of a request takes, beside reading the memory that the features lie
// in and beside a dense product of the same width, which is given every feature. All in one run and
// in turn, so that what else the machine does hits all alike. Scores are first checked against the
// contributions that explain them.

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "benchmarks/thread_clock.h"
#include "common/command_line.h"
#include "common/files.h"
#include "common/output_file.h"
#include "common/status_macros.h"
#include "model/bundle_registry.h"
#include "pipeline/configured_rules.h"
#include "pipeline/local_candidate_stage.h"
#include "pipeline/local_ranking_stage.h"
#include "pipeline/pipeline.h"
#include "serving/recommender.h"
#include "serving/requests/user_messages.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

struct Flags {
  std::string models;
  size_t users = 500;
  size_t candidates = 500;
  size_t rounds = 10;
  std::string json;
};

// A request as stage two sees it.
struct RankRequest {
  v1::RecommendRequest message;
  EncodedUser user;
  EncodedContext context;
  std::vector<Candidate> candidates;
};

absl::StatusOr<std::vector<RankRequest>> MakeRequests(const Flags& flags, const Bundle& bundle,
                                                      const UserStateStore& states) {
  std::vector<RankRequest> requests;
  for (size_t i = 0; i < flags.users; ++i) {
    RankRequest request;
    request.message.set_user_id(absl::StrCat("u", i));
    request.message.set_candidate_count(static_cast<int32_t>(flags.candidates));
    request.message.mutable_context()->set_device("phone");
    request.message.mutable_context()->set_time_ms(1'700'000'000'000);
    UserState state;
    ASSIGN_OR_RETURN(const bool known, states.Read(UserKey(request.message.user_id()), state));
    if (!known)
      return absl::NotFoundError(absl::StrCat("there is no user ", request.message.user_id(),
                                              ": is this a catalog of shortlist synth?"));
    request.user = bundle.encoder->Encode(state);
    request.context = bundle.encoder->Encode(FromMessage(request.message.context()), state);
    ItemFilter filter;
    filter.Exclude(ItemsOf(request.user));
    request.candidates =
        bundle.candidates->Generate(request.user, request.context, filter, flags.candidates);
    requests.push_back(std::move(request));
  }
  return requests;
}

// The mean number of features of a candidate, after making sure that scores are bias plus weights
// times features.
absl::StatusOr<double> CheckScores(const Bundle& bundle, const std::vector<RankRequest>& requests) {
  std::vector<FeatureValue> values;
  size_t features = 0, checked = 0;
  for (size_t r = 0; r < requests.size(); r += 10) {
    const RankRequest& request = requests[r];
    std::vector<float> scores(request.candidates.size());
    bundle.ranker->Score(request.user, request.context, request.candidates, scores);
    std::vector<size_t> positions;
    for (size_t i = 0; i < scores.size(); i += 50) positions.push_back(i);
    const LogisticWeights& weights = bundle.ranker->weights();
    const auto begun = bundle.extractor->Begin(request.user, request.context, request.candidates);
    for (size_t position : positions) {
      bundle.extractor->Compute(begun, position, values);
      double sum = weights.bias;
      for (const FeatureValue& value : values)
        sum += double{weights.weights[value.index]} * value.value;
      const double score = scores[position];
      if (std::abs(sum - score) > 1e-3 * (1 + std::abs(score)))
        return absl::InternalError(absl::StrCat("request ", r, ", candidate ", position,
                                                ": the score is ", score, " instead of ", sum));
      features += values.size();
      ++checked;
    }
  }
  return static_cast<double>(features) / static_cast<double>(std::max<size_t>(checked, 1));
}

// Reads once, in the same order and as far ahead, what the features of a request lie in: the
// regressions' factors of the history and of the candidates, vectors and attributes of the
// candidates. Anything else stays in the cache.
class MemoryWalk {
 public:
  explicit MemoryWalk(const Bundle& bundle) : bundle_(bundle) {}

  // A sum that depends on every cache line read.
  uint64_t Run(const RankRequest& request) {
    uint64_t sum = 0;
    for (const ItemFactors* factors : {&bundle_.history_regression, &bundle_.next_regression})
      sum += Factors(request, *factors);
    for (const Candidate& candidate : request.candidates)
      sum += Lines(bundle_.towers.item_embedding(candidate.item)) +
             Lines(bundle_.catalog.codes(candidate.item));
    return sum;
  }
  size_t bytes() const { return bytes_; }

 private:
  uint64_t Factors(const RankRequest& request, const ItemFactors& factors) {
    uint64_t sum = 0;
    const std::vector<HistoryEntry>& history = request.user.history;
    for (size_t age = 0; age < std::min(history.size(), factors.weights().size()); ++age)
      sum += Lines(factors.from(history[history.size() - 1 - age].item));
    constexpr size_t kAhead = 8;
    for (size_t i = 0; i < request.candidates.size(); ++i) {
      if (i + kAhead < request.candidates.size()) {
        const std::span<const int8_t> next = factors.to(request.candidates[i + kAhead].item);
        for (size_t d = 0; d < next.size(); d += 64) __builtin_prefetch(&next[d]);
      }
      sum += Lines(factors.to(request.candidates[i].item));
    }
    return sum;
  }

  template <class T>
  uint64_t Lines(std::span<const T> values) {
    bytes_ += values.size_bytes();
    uint64_t sum = 0;
    for (size_t i = 0; i < values.size(); i += 64 / sizeof(T)) {
      uint32_t word = 0;
      std::memcpy(&word, &values[i], sizeof word);
      sum += word;
    }
    return sum;
  }

  const Bundle& bundle_;
  size_t bytes_ = 0;
};

struct Timed {
  const char* what;
  std::vector<double> micros;
  double Quantile(double q) const {
    std::vector<double> sorted = micros;
    std::ranges::sort(sorted);
    return sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
  }
};

absl::Status Run(const Flags& flags) {
  openblas_set_num_threads(1);
  ASSIGN_OR_RETURN(const std::shared_ptr<const Bundle> loaded, LoadCurrentBundle(flags.models));
  const Bundle& bundle = *loaded;
  if (!bundle.liked_head)
    return absl::FailedPreconditionError(flags.models +
                                         ": has no head for liked items; make it once more");
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> states,
                   OpenStateStore(flags.models + "/state.db", StateProjection(), IfMissing::kFail));
  ASSIGN_OR_RETURN(const std::vector<RankRequest> requests, MakeRequests(flags, bundle, *states));
  ASSIGN_OR_RETURN(const double features, CheckScores(bundle, requests));

  const BundleRegistry bundles(loaded);
  const LocalCandidateStage stage_one;
  const LocalRankingStage stage_two;
  const ConfiguredRules no_rules;
  const Pipeline pipeline({.candidates = &stage_one, .ranking = &stage_two, .rules = &no_rules});
  const Clock clock = absl::Now;
  const Recommender recommender(
      {.bundles = &bundles, .states = states.get(), .pipeline = &pipeline}, clock);
  const auto width = static_cast<Eigen::Index>(std::lround(features));
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> dense =
      Eigen::MatrixXf::Random(static_cast<Eigen::Index>(flags.candidates), width);
  const Eigen::VectorXf weights = Eigen::VectorXf::Random(width);
  Eigen::VectorXf product(dense.rows());
  std::vector<float> scores(flags.candidates);
  MemoryWalk walk(bundle);
  uint64_t sum = 0;

  Timed ranker{"the ranker, after stage one", {}}, cold{"the ranker, memory cold", {}},
      memory{"reading that memory alone, cold", {}},
      eigen{"Eigen, dense product of the same width", {}}, whole{"Recommend", {}},
      both_heads{"both heads, after stage one", {}},
      valued{"Recommend, by value over both heads", {}}, diverse{"Recommend, diversity 0.3", {}},
      explained{"Recommend, explained", {}};
  double ranking_us = 0, answers_us = 0;
  for (size_t round = 0; round < flags.rounds; ++round) {
    auto time = [&](Timed& timed, auto&& work) {
      const double begin = ThreadMicros();
      work();
      if (round > 0) timed.micros.push_back(ThreadMicros() - begin);  // The first warms up.
    };
    auto score = [&](const RankRequest& request) {
      bundle.ranker->Score(request.user, request.context, request.candidates,
                           std::span(scores).first(request.candidates.size()));
    };
    // All requests before the next kind of work, so that each finds the memory as cold.
    for (const RankRequest& request : requests) time(cold, [&] { score(request); });
    for (const RankRequest& request : requests) time(memory, [&] { sum += walk.Run(request); });
    auto generate = [&](const RankRequest& request) {
      ItemFilter filter;
      filter.Exclude(ItemsOf(request.user));
      bundle.candidates->Generate(request.user, request.context, filter, flags.candidates);
    };
    for (const RankRequest& request : requests) {
      generate(request);
      time(ranker, [&] { score(request); });
      time(eigen, [&] {
        product.noalias() = dense * weights;
        sum += static_cast<uint64_t>(std::abs(product[0]));
      });
    }
    for (const RankRequest& request : requests) {
      generate(request);
      time(both_heads, [&] {
        const FeatureExtractor::Request begun =
            bundle.extractor->Begin(request.user, request.context, request.candidates);
        const auto out = std::span(scores).first(request.candidates.size());
        bundle.ranker->Score(begun, out);
        bundle.liked_head->Score(begun, out);
      });
    }
    absl::Status status;
    auto recommend = [&](Timed& timed, const v1::RecommendRequest& request) {
      v1::RecommendResponse response;
      time(timed, [&] {
        status.Update(
            recommender.Recommend(request, Budget(clock, absl::InfiniteFuture()), response));
      });
      return response.timings();
    };
    for (const RankRequest& request : requests) {
      const v1::StageTimings timings = recommend(whole, request.message);
      if (round == 0) continue;
      ranking_us += static_cast<double>(timings.ranking_us());
      answers_us += static_cast<double>(timings.total_us());
    }
    for (const RankRequest& request : requests) {
      v1::RecommendRequest message = request.message;
      message.mutable_re_ranking()->mutable_value_function()->set_liked_worth(3);
      recommend(valued, message);
    }
    for (const RankRequest& request : requests) {
      v1::RecommendRequest message = request.message;
      message.mutable_re_ranking()->set_diversity(0.3F);
      recommend(diverse, message);
    }
    for (const RankRequest& request : requests) {
      v1::RecommendRequest message = request.message;
      message.set_explain(true);
      recommend(explained, message);
    }
    RETURN_IF_ERROR(status);
  }
  const double bytes =
      static_cast<double>(walk.bytes()) / static_cast<double>(flags.rounds * requests.size());

  std::printf("%u items x %zu, %zu candidates, %.1f features each, %u weights; %zu requests\n\n",
              bundle.catalog.item_count(), size_t{bundle.towers.dim()}, flags.candidates, features,
              bundle.extractor->width(), ranker.micros.size());
  std::printf("%-40s  %8s  %8s  %8s\n", "processor time, us", "P10", "P50", "P99");
  nlohmann::json json = {{"items", bundle.catalog.item_count()},     {"dim", bundle.towers.dim()},
                         {"candidates", flags.candidates},           {"features", features},
                         {"weights", bundle.extractor->width()},     {"bytes_read", bytes},
                         {"ranking_share", ranking_us / answers_us}, {"checksum", sum}};
  for (const Timed* timed :
       {&ranker, &both_heads, &cold, &memory, &eigen, &whole, &valued, &diverse, &explained}) {
    std::printf("%-40s  %8.1f  %8.1f  %8.1f\n", timed->what, timed->Quantile(0.1),
                timed->Quantile(0.5), timed->Quantile(0.99));
    json["us"][timed->what] = {{"p10", timed->Quantile(0.1)},
                               {"p50", timed->Quantile(0.5)},
                               {"p99", timed->Quantile(0.99)}};
  }
  std::printf("\nread per request: %.0f KiB; ranking's share of Recommend: %.0f %%\n", bytes / 1024,
              100 * ranking_us / answers_us);
  if (flags.json.empty()) return absl::OkStatus();
  return WriteFileAtomically(flags.json, json.dump(2) + "\n");
}

}  // namespace
}  // namespace shortlist

int main(int argc, char** argv) {
  shortlist::CommandLine app("What scoring the candidates of a request takes.");
  shortlist::Flags flags;
  app.Add("--models", flags.models, "Folder that shortlist synth made").Required();
  app.Add("--users", flags.users, "Users who ask, each once a round")
      .Within(1, 1'000'000)
      .ShowDefault();
  app.Add("--candidates", flags.candidates, "Candidates of a request")
      .Within(1, 5'000)
      .ShowDefault();
  app.Add("--rounds", flags.rounds, "Rounds; the first one warms up")
      .Within(2, 1'000)
      .ShowDefault();
  app.Add("--json", flags.json, "File to write the results to").Check(shortlist::OutputFileProblem);
  if (const std::optional<int> code = app.Parse(argc, argv)) return *code;
  const absl::Status status = shortlist::Run(flags);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
