#include "benchmarks/scenario_file.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "proto/text_proto.h"
#include "serving/requests/request_validation.h"

namespace shortlist {
namespace {

// What a service would refuse: looked for here, since every request would fail.
absl::Status CheckRequests(const benchmarks::Scenario& scenario) {
  v1::RecommendRequest request;
  request.set_user_id("anybody");
  if (scenario.count() != 0) request.set_count(scenario.count());
  if (scenario.candidate_count() != 0) request.set_candidate_count(scenario.candidate_count());
  request.mutable_context()->set_device(scenario.device());
  RETURN_IF_ERROR(Validate(request));
  for (const benchmarks::Filtered& filtered : scenario.filtered()) {
    *request.mutable_filter() = filtered.filter();
    RETURN_IF_ERROR(Validate(request));
  }
  return absl::OkStatus();
}

absl::Status CheckRange(std::string_view field, double value, double least, double most) {
  if (least <= value && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(AbslView(field), ": ", value, " is not within ", least, " and ", most));
}

absl::Status Check(const benchmarks::Scenario& scenario) {
  RETURN_IF_ERROR(CheckRange("user_zipf", scenario.user_zipf(), 0, 10));
  RETURN_IF_ERROR(CheckRange("anonymous_share", scenario.anonymous_share(), 0, 1));
  RETURN_IF_ERROR(CheckRange("anonymous_items", scenario.anonymous_items(), 0, 100'000));
  double filtered_share = 0;
  for (const benchmarks::Filtered& filtered : scenario.filtered()) {
    RETURN_IF_ERROR(CheckRange("filtered.share", filtered.share(), 0, 1));
    filtered_share += filtered.share();
  }
  constexpr double kRounding = 1e-9;
  RETURN_IF_ERROR(CheckRange("the sum of filtered.share", filtered_share, 0, 1 + kRounding));
  for (double share : scenario.shares()) RETURN_IF_ERROR(CheckRange("shares", share, 0.001, 10));
  if (scenario.has_burst()) {
    RETURN_IF_ERROR(CheckRange("burst.factor", scenario.burst().factor(), 0.001, 1000));
    RETURN_IF_ERROR(CheckRange("burst.seconds", scenario.burst().seconds(), 0, 3600));
  }
  return CheckRequests(scenario);
}

}  // namespace

absl::StatusOr<benchmarks::Scenario> ReadScenario(const std::filesystem::path& path) {
  benchmarks::Scenario scenario;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  RETURN_IF_ERROR(ParseTextProto(text, path.string(), scenario));
  if (const absl::Status status = Check(scenario); !status.ok())
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", status.message()));
  return scenario;
}

}  // namespace shortlist
