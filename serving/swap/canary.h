// Tries the next bundle before it is served: with the latest requests of this process, or requests
// made up for it where there are too few, and beside the bundle that is served.
//
// - No request fails that the present bundle answers, and answers are not empty where its are not.
// - Scores are finite, probabilities from 0 to 1, and candidates do not all have the same score.
// - The index finds what exact search finds.
// - The nearest items are to some part those of the present bundle, beyond what chance would give;
//   pairs of items are mostly in the same order by score; the mean predicted probability is of the
//   same magnitude. These are loose: a model that was trained anew passes, one whose rows were
//   swapped or whose ranker says the same of all does not. They count only as far as the catalogs
//   have items in common.
// - The median request does not take several times as long, both measured in turns.
//
// All of it also warms the bundle: what these requests read of its files is in memory when it is
// served. Exact search reads all item embeddings.
//
// Thread-safe; refers to its parts, which must outlive it. A check takes seconds to minutes, on the
// thread that asks for it (common/background/low_priority.h).
//
//   const Canary canary(recorded, settings, {.candidates = true, .scores = true}, clock);
//   ASSIGN_OR_RETURN(const std::string passed, canary.Check(served, next));
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock.h"
#include "model/bundle.h"
#include "pipeline/local_pipeline.h"
#include "serving/swap/canary_settings.h"
#include "serving/swap/recorded_queries.h"

namespace shortlist {

class Canary {
 public:
  // What this process does with a bundle, which is what is checked.
  struct Scope {
    bool candidates = true;  // Searches the index.
    bool scores = true;      // Ranks.
  };
  Canary(const RecordedQueries& recorded, const CanarySettings& settings, Scope scope,
         const Clock& clock);

  // What was found, in a line. FAILED_PRECONDITION says what `next` did not hold, with the figure
  // and the bound; UNAVAILABLE: stopped.
  absl::StatusOr<std::string> Check(const std::shared_ptr<const Bundle>& served,
                                    const std::shared_ptr<const Bundle>& next) const;
  // Has checks end soon, for good.
  void Stop() { stopping_ = true; }

 private:
  struct Item {
    std::string id;
    float score = 0;
    float probability = 0;
  };
  // What a bundle says to a request: its items by falling score, or without scores by falling
  // cosine.
  absl::StatusOr<std::vector<Item>> Ask(const Query& query,
                                        const std::shared_ptr<const Bundle>& bundle) const;
  std::vector<Query> Requests(const Bundle& served, const Bundle& next, size_t& recorded) const;
  // Keeps the pace of the thread. UNAVAILABLE: it was stopped.
  absl::Status Rest() const;

  // One after the other; each adds to the line.
  absl::Status CheckAnswers(const std::shared_ptr<const Bundle>& served,
                            const std::shared_ptr<const Bundle>& next,
                            const std::vector<Query>& requests, std::string& found) const;
  absl::Status CheckNearest(const Bundle& served, const Bundle& next,
                            const std::vector<Query>& requests, std::string& found) const;
  absl::Status CheckLatency(const std::shared_ptr<const Bundle>& served,
                            const std::shared_ptr<const Bundle>& next,
                            const std::vector<Query>& requests, std::string& found) const;

  const RecordedQueries& recorded_;
  const CanarySettings settings_;
  const Scope scope_;
  const Clock& clock_;
  const LocalPipeline pipeline_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace shortlist
