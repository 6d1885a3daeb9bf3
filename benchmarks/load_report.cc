#include "benchmarks/load_report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace shortlist {
namespace {

using nlohmann::json;

constexpr double kSliceSeconds = 0.1;

double Micros(int64_t nanos) { return static_cast<double>(nanos) / 1000; }

// Mean parts of the samples' latency, which sum to its mean.
json Waterfall(std::span<const LatencySample* const> samples) {
  std::array<double, kStages.size()> stages{};
  double send_lag = 0, inside = 0, latency = 0;
  for (const LatencySample* sample : samples) {
    for (size_t s = 0; s < stages.size(); ++s) stages[s] += sample->stage_us[s];
    send_lag += Micros(sample->sent - sample->intended);
    inside += sample->total_us;
    latency += Micros(sample->latency());
  }
  const auto count = static_cast<double>(std::max<size_t>(samples.size(), 1));
  json parts = json::array();
  double named = 0;
  auto add = [&](const char* name, double sum) { parts.push_back({name, sum / count}); };
  add("waiting to be sent", send_lag);
  for (size_t s = 0; s < stages.size(); ++s) {
    add(kStages[s], stages[s]);
    named += stages[s];
  }
  add("rest of the server", inside - named);
  add("gRPC, network, scheduling", latency - send_lag - inside);
  return parts;
}

}  // namespace

json LoadReport(const LoadRun& run) {
  const std::vector<LatencySample>& samples = run.samples;
  std::vector<LatencySample> answered;
  std::map<std::string, size_t> codes;
  for (const LatencySample& sample : samples) {
    if (sample.status == 0) {
      answered.push_back(sample);
    } else {
      ++codes[std::to_string(sample.status)];
    }
  }
  json report = {{"seconds", run.seconds},
                 {"requests", samples.size()},
                 {"achieved", static_cast<double>(run.answered) / run.seconds},
                 {"errors", samples.size() - answered.size()},
                 {"error_codes", codes},
                 {"first_failure", run.first_failure},
                 {"valid", true}};
  if (answered.empty()) {
    report["valid"] = false;
    report["why_invalid"] = "no request was answered";
    return report;
  }
  const size_t count = answered.size();
  std::vector<int64_t> latencies, lags;
  double sum = 0, candidates = 0, bytes = 0;
  std::array<std::vector<int64_t>, kStages.size()> stages;
  for (const LatencySample& sample : answered) {
    latencies.push_back(sample.latency());
    lags.push_back(sample.sent - sample.intended);
    sum += Micros(sample.latency());
    candidates += sample.candidates;
    bytes += static_cast<double>(sample.response_bytes);
    for (size_t s = 0; s < stages.size(); ++s) stages[s].push_back(sample.stage_us[s]);
  }
  std::ranges::sort(latencies);
  std::ranges::sort(lags);

  const std::vector<double> qs = {0.5, 0.9, 0.99, 0.999};
  const char* const names[] = {"p50_us", "p90_us", "p99_us", "p999_us"};
  const std::vector<Interval> intervals = BootstrapQuantiles(answered, qs);
  for (size_t q = 0; q < qs.size(); ++q) {
    report[names[q]] = Micros(Quantile(latencies, qs[q]));
    report["intervals"][names[q]] = {intervals[q].low / 1000, intervals[q].high / 1000};
  }
  report["max_us"] = Micros(latencies.back());
  report["mean_us"] = sum / static_cast<double>(count);
  report["response_bytes"] = bytes / static_cast<double>(count);
  report["candidates"] = candidates / static_cast<double>(count);
  for (size_t s = 0; s < stages.size(); ++s) {
    std::ranges::sort(stages[s]);
    double total = 0;
    for (int64_t value : stages[s]) total += static_cast<double>(value);
    report["stages"][kStages[s]] = {{"mean_us", total / static_cast<double>(count)},
                                    {"p50_us", Quantile(stages[s], 0.5)},
                                    {"p99_us", Quantile(stages[s], 0.99)}};
  }

  // The requests about the median and about the P99, half a percent and more of all.
  std::vector<const LatencySample*> order;
  for (const LatencySample& sample : answered) order.push_back(&sample);
  std::ranges::sort(order, {}, [](const LatencySample* sample) { return sample->latency(); });
  auto between = [&](double low, double high) {
    const auto begin = static_cast<size_t>(low * static_cast<double>(count));
    const auto end = static_cast<size_t>(std::ceil(high * static_cast<double>(count)));
    return Waterfall(std::span(order).subspan(begin, std::min(end, count) - begin));
  };
  report["waterfall"] = {{"p50", between(0.49, 0.51)}, {"p99", between(0.988, 0.992)}};

  json cdf = json::array();
  for (double tail = 1; tail * static_cast<double>(count) >= 1; tail /= 1.1)
    cdf.push_back({1 - tail, Micros(Quantile(latencies, 1 - tail))});
  cdf.push_back({1.0, Micros(latencies.back())});
  report["cdf"] = cdf;

  json course = json::array();
  const int64_t first = samples.front().intended;
  for (size_t begin = 0; begin < samples.size();) {
    const auto slice = static_cast<int64_t>(static_cast<double>(samples[begin].intended - first) /
                                            (kSliceSeconds * 1e9));
    std::vector<int64_t> ok;
    size_t end = begin, errors = 0;
    for (; end < samples.size() &&
           static_cast<int64_t>(static_cast<double>(samples[end].intended - first) /
                                (kSliceSeconds * 1e9)) == slice;
         ++end) {
      if (samples[end].status == 0) {
        ok.push_back(samples[end].latency());
      } else {
        ++errors;
      }
    }
    std::ranges::sort(ok);
    course.push_back({{"at", static_cast<double>(slice) * kSliceSeconds},
                      {"requests", end - begin},
                      {"errors", errors},
                      {"p50_us", ok.empty() ? 0 : Micros(Quantile(ok, 0.5))},
                      {"max_us", ok.empty() ? 0 : Micros(ok.back())}});
    begin = end;
  }
  report["course"] = course;

  const double lag_p99 = Micros(Quantile(lags, 0.99));
  report["lag"] = {{"p50_us", Micros(Quantile(lags, 0.5))},
                   {"p99_us", lag_p99},
                   {"max_us", Micros(lags.back())}};
  // Half of what is reported would be the generator's own doing.
  if (lag_p99 > 1000 && lag_p99 > 0.5 * report["p99_us"].get<double>()) {
    report["valid"] = false;
    report["why_invalid"] = "the generator sent its requests too late";
  }
  return report;
}

}  // namespace shortlist
