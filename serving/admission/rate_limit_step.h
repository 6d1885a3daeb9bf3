// Refuses the calls of a client that makes too many.
#pragma once

#include <string>
#include <string_view>

#include "common/clock.h"
#include "serving/admission/client_rate_limiter.h"
#include "serving/admission/refusals.h"
#include "serving/rpc/call_step.h"

namespace shortlist {

// The address of a peer as gRPC names it, without the port: "10.0.0.1" of "ipv4:10.0.0.1:5000".
std::string_view AddressOf(std::string_view peer);

class RateLimitStep : public CallStep {
 public:
  struct Options {
    double per_second = 0;  // 0: no limit.
    double burst = 1;
    // Clients are told apart by what they send under this key; where it is empty, or they send
    // nothing, by their address.
    std::string metadata_key;
  };

  // `clock` and `refusals` must outlive this.
  RateLimitStep(const Clock& clock, const Options& options, Refusals& refusals);

  // RESOURCE_EXHAUSTED names the limit and hints at when to try again.
  absl::Status OnArrival(Call& call) const override;

 private:
  const Clock& clock_;
  const Options options_;
  Refusals& refusals_;
  mutable ClientRateLimiter limiter_;
};

}  // namespace shortlist
