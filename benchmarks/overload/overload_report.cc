#include "benchmarks/overload/overload_report.h"

#include <grpcpp/support/status.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "shortlist/v1/recommender.pb.h"

namespace shortlist {
namespace {

using nlohmann::json;

constexpr int kFewestCandidates = 250;
constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

// The rungs of both stages have the first numbers.
bool IsOfBothStages(int rung) { return 1 <= rung && rung <= 3; }

json Quantiles(std::vector<int64_t> times) {
  json report = {{"requests", times.size()}, {"p50_us", nullptr}, {"p99_us", nullptr}};
  if (times.empty()) return report;
  std::ranges::sort(times);
  const auto set = [&](const char* name, double q) {
    const int64_t time = Quantile(times, q);
    if (time != kForever) report[name] = static_cast<double>(time) / 1000;
  };
  set("p50_us", 0.5);
  set("p99_us", 0.99);
  return report;
}

std::string NameOf(int rung) {
  const std::string name = v1::Rung_Name(static_cast<v1::Rung>(rung));
  return name.empty() ? std::to_string(rung) : name;
}

}  // namespace

json OverloadReport(const LoadRun& run, double deadline_seconds) {
  std::vector<int64_t> refused, admitted;
  size_t good = 0;
  json rungs = json::object();
  for (const LatencySample& sample : run.samples) {
    if (sample.status == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      refused.push_back(sample.received - sample.sent);
      continue;
    }
    admitted.push_back(sample.status == 0 ? sample.latency() : kForever);
    if (sample.status != 0) continue;
    json& count = rungs[NameOf(sample.rung)];
    count = count.is_null() ? 1 : count.get<int>() + 1;
    if (static_cast<double>(sample.latency()) <= deadline_seconds * 1e9 &&
        IsOfBothStages(sample.rung) && sample.candidates >= kFewestCandidates)
      ++good;
  }
  return {{"goodput", static_cast<double>(good) / run.seconds},
          {"refused", Quantiles(std::move(refused))},
          {"admitted", Quantiles(std::move(admitted))},
          {"rungs", rungs}};
}

}  // namespace shortlist
