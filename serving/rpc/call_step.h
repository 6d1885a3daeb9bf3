// One step of the frame around every call. The frame is a list of them: each sees a call arrive,
// begin (once a thread takes it up) and end; the first that refuses it ends it. A step is a file in
// this folder, or in serving/admission/ where it is about what is let in, and a line in
// serving/server.cc.
//
// Const and thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace shortlist {

struct Call {
  absl::Time arrival;
  // When the caller stops waiting: the end of time where it does not say.
  absl::Time deadline = absl::InfiniteFuture();
  // When the answer should be there: what is not done by then is better left out of it.
  absl::Time target = absl::InfiniteFuture();
  std::function<bool()> is_cancelled;  // Whether the caller has gone.
  std::function<std::string()> peer;   // Who calls, for logs: "ipv4:10.0.0.1:5000".
  // The value that the caller sent under a key of metadata; empty where it sent none.
  std::function<std::string(std::string_view key)> metadata = nullptr;
};

class CallStep {
 public:
  virtual ~CallStep() = default;

  // On gRPC's thread, before the call is queued, and therefore quick. An error is the call's
  // answer: it is not queued, and the steps after this one do not see it.
  virtual absl::Status OnArrival(Call& /*call*/) const { return absl::OkStatus(); }
  // An error is the call's answer; the handler does not run.
  virtual absl::Status OnBegin(const Call& /*call*/) const { return absl::OkStatus(); }
  // `status` is the call's answer. For every call that the step saw arrive.
  virtual void OnEnd(const Call& /*call*/, const absl::Status& /*status*/) const {}
};

}  // namespace shortlist
