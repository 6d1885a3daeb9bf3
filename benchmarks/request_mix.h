// The requests of a scenario: request i is the same whenever and wherever it is asked for.
// Const and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/scenario.pb.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

class RequestMix {
 public:
  // `users`: ids, most active first; without any, every request is anonymous. `items`: ids that
  // anonymous requests name.
  RequestMix(benchmarks::Scenario scenario, std::vector<std::string> users,
             std::vector<std::string> items, uint64_t seed);

  v1::RecommendRequest Make(size_t i) const;

  // When the requests are to be sent, in nanoseconds from the start. From `begin_seconds` on they
  // are measured; a burst comes a third of the way from there to the end.
  std::vector<int64_t> Schedule(double rate, double begin_seconds, double end_seconds) const;

 private:
  benchmarks::Scenario scenario_;
  std::vector<std::string> users_, items_;
  std::vector<double> user_shares_;  // Cumulative.
  uint64_t seed_;
};

}  // namespace shortlist
