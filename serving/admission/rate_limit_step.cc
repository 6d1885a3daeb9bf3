#include "serving/admission/rate_limit_step.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "serving/rpc/retry_hint.h"

namespace shortlist {

std::string_view AddressOf(std::string_view peer) {
  for (const std::string_view scheme : {"ipv4:", "ipv6:"}) {
    if (!peer.starts_with(scheme)) continue;
    peer.remove_prefix(scheme.size());
    return peer.substr(0, peer.rfind(':'));
  }
  return peer;  // Such as "unix:": all who come by a socket of the machine are one client.
}

RateLimitStep::RateLimitStep(const Clock& clock, const Options& options, Refusals& refusals)
    : clock_(clock),
      options_(options),
      refusals_(refusals),
      limiter_({.per_second = options.per_second > 0 ? options.per_second : 1,
                .burst = std::max(1.0, options.burst)}) {}

absl::Status RateLimitStep::OnArrival(Call& call) const {
  if (options_.per_second == 0) return absl::OkStatus();
  std::string client;
  if (!options_.metadata_key.empty()) client = call.metadata(options_.metadata_key);
  if (client.empty()) client = AddressOf(call.peer());
  const absl::Duration wait = limiter_.Take(client, call.arrival);
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  refusals_.Count(Refusal::kRateLimit, clock_());
  return WithRetryHint(absl::ResourceExhaustedError(absl::StrCat(
                           "rate_limit: a client may make ", options_.per_second,
                           " calls a second, and ", options_.burst, " at once; the next in ",
                           absl::FormatDuration(absl::Ceil(wait, absl::Milliseconds(1))))),
                       wait);
}

}  // namespace shortlist
