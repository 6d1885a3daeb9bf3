// The parts of scripts/bench latency that measure, each a process of its own. Results go to
// standard output as JSON.
//
//   latency_benchmark scenario --scenario FILE
//   latency_benchmark load --target HOST:PORT --scenario FILE --users FILE --rate 1000
//   latency_benchmark echo --bytes N
//   latency_benchmark frame
//   latency_benchmark compute --models DIR --scenario FILE --users FILE

#include <grpcpp/grpcpp.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "benchmarks/compute_floor.h"
#include "benchmarks/echo_server.h"
#include "benchmarks/load_generator.h"
#include "benchmarks/load_report.h"
#include "benchmarks/overload/frame_cost.h"
#include "benchmarks/overload/overload_report.h"
#include "benchmarks/scenario_file.h"
#include "benchmarks/stall_meter.h"
#include "common/command_line.h"
#include "common/status_macros.h"
#include "serving/rpc/credentials.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

using nlohmann::json;

// Anonymous requests name items among the first so many.
constexpr uint32_t kNamedItems = 10'000;
// A server that has been started listens.
constexpr int kConnectSeconds = 10;

struct Flags {
  std::string target, scenario, users, models;
  double rate = 0, warmup = 2, seconds = 10, timeout = 10, deadline = 0;
  size_t concurrency = 0, connections = 4, requests = 2000, recall_queries = 200;
  uint64_t seed = 1;
  int candidates = 0;
  std::vector<int> watch;
  size_t response_bytes = 2000;
};

absl::StatusOr<RequestMix> ReadMix(const Flags& flags, std::vector<std::string> items) {
  ASSIGN_OR_RETURN(benchmarks::Scenario scenario, ReadScenario(flags.scenario));
  if (flags.candidates > 0) scenario.set_candidate_count(flags.candidates);
  std::vector<std::string> users;
  if (!flags.users.empty()) {
    std::ifstream file(flags.users);
    if (!file) return absl::NotFoundError(absl::StrCat(flags.users, ": cannot read"));
    for (std::string line; std::getline(file, line);) users.push_back(line);
  }
  return RequestMix(std::move(scenario), std::move(users), std::move(items), flags.seed);
}

// What the script needs to know of a scenario.
absl::StatusOr<json> DescribeScenario(const Flags& flags) {
  ASSIGN_OR_RETURN(const benchmarks::Scenario scenario, ReadScenario(flags.scenario));
  return json{{"about", scenario.about()},
              {"shares", scenario.shares()},
              {"split", scenario.split()},
              {"restart", scenario.restart()}};
}

absl::Status CannotConnect(const Flags& flags) {
  return absl::UnavailableError(
      absl::StrCat("cannot connect to ", flags.target, " within ", kConnectSeconds, " s"));
}

// Items for anonymous requests to name: the first of the catalog. None of a server without one,
// such as the echo server.
absl::StatusOr<std::vector<std::string>> ListItems(const Flags& flags) {
  const auto channel = grpc::CreateChannel(flags.target, CallingCredentials());
  if (!channel->WaitForConnected(std::chrono::system_clock::now() +
                                 std::chrono::seconds(kConnectSeconds)))
    return CannotConnect(flags);
  const auto stub = v1::Catalog::NewStub(channel);
  std::vector<std::string> items;
  v1::ListItemsRequest request;
  request.set_page_size(1000);
  do {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    v1::ListItemsResponse page;
    if (!stub->ListItems(&context, request, &page).ok()) break;
    for (const v1::Item& item : page.items()) items.push_back(item.item_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && items.size() < kNamedItems);
  return items;
}

absl::StatusOr<double> ProcessCpuMicros(int pid) {
  clockid_t clock{};
  timespec now{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &now) != 0)
    return absl::NotFoundError(absl::StrCat("--watch: there is no process ", pid));
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

double ResidentMib(int pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmRSS:", 0) == 0) return std::stod(line.substr(6)) / 1024;
  return 0;
}

absl::StatusOr<json> Load(const Flags& flags) {
  ASSIGN_OR_RETURN(std::vector<std::string> items, ListItems(flags));
  ASSIGN_OR_RETURN(const RequestMix mix, ReadMix(flags, std::move(items)));
  LoadGenerator generator(
      {.target = flags.target, .connections = flags.connections, .timeout_seconds = flags.timeout},
      mix);
  if (!generator.WaitUntilConnected(kConnectSeconds)) return CannotConnect(flags);
  std::vector<int> pids = flags.watch;
  pids.push_back(::getpid());
  std::vector<absl::StatusOr<double>> before, after;
  std::optional<StallMeter> meter;
  std::optional<Stalls> stalls;
  auto read_into = [&](std::vector<absl::StatusOr<double>>& cpu) {
    for (int pid : pids) cpu.push_back(ProcessCpuMicros(pid));
  };
  auto at_begin = [&] {
    read_into(before);
    meter.emplace();
  };
  auto at_end = [&] {
    read_into(after);
    stalls = meter->Stop();
  };
  const double end = flags.warmup + flags.seconds;
  const LoadRun run =
      flags.concurrency > 0
          ? generator.ClosedLoop(flags.concurrency, flags.warmup, end, at_begin, at_end)
          : generator.OpenLoop(flags.rate, flags.warmup, end, at_begin, at_end);
  json report = LoadReport(run);
  report["overload"] = OverloadReport(run, flags.deadline > 0 ? flags.deadline : flags.timeout);
  if (stalls)
    report["stalls"] = {{"total_ms", stalls->total_ms}, {"longest_ms", stalls->longest_ms}};
  report["rate"] = flags.concurrency > 0 ? report["achieved"] : json(flags.rate);
  if (run.answered == 0) return report;  // Whose processor time it was cannot be said.
  for (size_t i = 0; i < pids.size(); ++i) {
    RETURN_IF_ERROR(before[i].status());
    RETURN_IF_ERROR(after[i].status());
    const double used = *after[i] - *before[i];
    const double per_answer = used / static_cast<double>(run.answered);
    if (i == flags.watch.size()) {
      report["generator_cpu_us"] = per_answer;
      report["generator_cores"] = used / 1e6 / run.seconds;
    } else {
      report["processes"].push_back({{"pid", pids[i]},
                                     {"cpu_us", per_answer},
                                     {"cores", used / 1e6 / run.seconds},
                                     {"resident_mib", ResidentMib(pids[i])}});
    }
  }
  return report;
}

absl::StatusOr<json> Compute(const Flags& flags) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Bundle> bundle, LoadCurrentBundle(flags.models));
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> states,
                   OpenStateStore(flags.models + "/state.db", StateProjection(), IfMissing::kFail));
  // The same as ListItems.
  std::vector<std::string> items;
  for (ItemRow row = 0; row < std::min(kNamedItems, bundle->catalog.item_count()); ++row)
    items.emplace_back(bundle->catalog.id(row));
  ASSIGN_OR_RETURN(const RequestMix mix, ReadMix(flags, std::move(items)));
  return MeasureCompute(*bundle, *states, mix, flags.requests, flags.recall_queries);
}

json Frame() {
  constexpr size_t kCalls = 1'000'000;
  return {{"frame_cpu_ns", FrameCost(kCalls)}};
}

int Print(const absl::StatusOr<json>& result) {
  if (!result.ok()) {
    std::fprintf(stderr, "latency_benchmark: %s\n", std::string(result.status().message()).c_str());
    return 1;
  }
  std::printf("%s\n", result->dump().c_str());
  return 0;
}

}  // namespace
}  // namespace shortlist

int main(int argc, char** argv) {
  using namespace shortlist;  // NOLINT: a program, not a header.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As the service does.
  Flags flags;
  CommandLine app("The measuring parts of scripts/bench latency.");
  app.RequireCommand();
  auto add_scenario = [&](Command command) {
    command.Add("--scenario", flags.scenario, "Scenario: protobuf text").Required();
  };
  auto add_mix = [&](Command command) {
    add_scenario(command);
    command.Add("--users", flags.users, "File of user ids, one a line, most active first");
    command.Add("--candidates", flags.candidates, "Instead of the scenario's number");
    command.Add("--seed", flags.seed, "Which requests of the scenario");
  };
  Command scenario = app.AddCommand("scenario", "Check a scenario and describe it");
  add_scenario(scenario);
  Command load = app.AddCommand("load", "Send requests and report latencies");
  add_mix(load);
  load.Add("--target", flags.target, "HOST:PORT of a recommender").Required();
  load.Add("--rate", flags.rate, "Open loop: requests per second");
  load.Add("--concurrency", flags.concurrency, "Closed loop: requests under way");
  load.Add("--connections", flags.connections, "Connections").Positive();
  load.Add("--warmup", flags.warmup, "Seconds before the measurement").NotNegative();
  load.Add("--seconds", flags.seconds, "Seconds of the measurement").Positive();
  load.Add("--timeout", flags.timeout, "Seconds after which a request has failed").Positive();
  load.Add("--deadline", flags.deadline, "Seconds within which an answer is a good one: --timeout");
  load.Add("--watch", flags.watch, "Processes whose use of the machine to report");
  Command echo = app.AddCommand("echo", "Serve answers of a fixed size until killed");
  echo.Add("--bytes", flags.response_bytes, "Size of the answers");
  Command frame = app.AddCommand("frame", "What the steps around a call cost");
  Command compute = app.AddCommand("compute", "Both stages in this process; recall");
  add_mix(compute);
  compute.Add("--models", flags.models, "Folder of the bundles").Required();
  compute.Add("--requests", flags.requests, "How many requests").Positive();
  compute.Add("--recall-queries", flags.recall_queries, "How many to search exactly");
  if (const std::optional<int> code = app.Parse(argc, argv)) return *code;
  if (scenario.chosen()) return Print(DescribeScenario(flags));
  if (load.chosen()) {
    if ((flags.rate > 0) == (flags.concurrency > 0)) {
      std::fprintf(stderr, "latency_benchmark: give --rate or --concurrency\n");
      return 1;
    }
    return Print(Load(flags));
  }
  if (frame.chosen()) return Print(Frame());
  if (compute.chosen()) return Print(Compute(flags));
  return ServeEcho(flags.response_bytes);
}
