#include "benchmarks/request_mix.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

namespace shortlist {

RequestMix::RequestMix(benchmarks::Scenario scenario, std::vector<std::string> users,
                       std::vector<std::string> items, uint64_t seed)
    : scenario_(std::move(scenario)),
      users_(std::move(users)),
      items_(std::move(items)),
      seed_(seed) {
  double sum = 0;
  for (size_t rank = 1; rank <= users_.size(); ++rank)
    user_shares_.push_back(sum += std::pow(static_cast<double>(rank), -scenario_.user_zipf()));
  for (double& share : user_shares_) share /= sum;
}

v1::RecommendRequest RequestMix::Make(size_t i) const {
  std::seed_seq words{seed_, uint64_t{i}};
  std::minstd_rand random(words);
  std::uniform_real_distribution<> uniform;
  v1::RecommendRequest request;
  if (users_.empty() || uniform(random) < scenario_.anonymous_share()) {
    request.mutable_anonymous();
    const int most = items_.empty() ? 0 : scenario_.anonymous_items();
    const int length = std::uniform_int_distribution<>(0, most)(random);
    for (int n = 0; n < length; ++n)
      request.mutable_anonymous()->add_recent_item_ids(
          items_[std::uniform_int_distribution<size_t>(0, items_.size() - 1)(random)]);
  } else {
    const auto user = std::ranges::lower_bound(user_shares_, uniform(random));
    request.set_user_id(
        users_[static_cast<size_t>(std::min(user, user_shares_.end() - 1) - user_shares_.begin())]);
  }
  if (scenario_.count() != 0) request.set_count(scenario_.count());
  if (scenario_.candidate_count() != 0) request.set_candidate_count(scenario_.candidate_count());
  request.mutable_context()->set_device(scenario_.device());
  double which = uniform(random);
  for (const benchmarks::Filtered& filtered : scenario_.filtered()) {
    which -= filtered.share();
    if (which >= 0) continue;
    *request.mutable_filter() = filtered.filter();
    break;
  }
  return request;
}

std::vector<int64_t> RequestMix::Schedule(double rate, double begin_seconds,
                                          double end_seconds) const {
  std::mt19937_64 random(seed_);
  std::exponential_distribution<> exponential;
  const double burst_begin = begin_seconds + (end_seconds - begin_seconds) / 3;
  const double burst_end = burst_begin + scenario_.burst().seconds();
  std::vector<int64_t> times;
  for (double now = 0;;) {
    const bool bursting = burst_begin <= now && now < burst_end;
    const double current_rate = bursting ? rate * scenario_.burst().factor() : rate;
    now += (scenario_.constant() ? 1 : exponential(random)) / current_rate;
    if (now >= end_seconds) return times;
    times.push_back(static_cast<int64_t>(now * 1e9));
  }
}

}  // namespace shortlist
