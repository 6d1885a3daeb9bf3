// One step of the frame around every call. The frame is a list of them: each sees a call arrive,
// begin (once a thread takes it up) and end; the first that refuses it ends it. A step is a file in
// this folder and a line in serving/server.cc.
//
// Const and thread-safe.
#pragma once

#include <functional>
#include <string>

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
  std::function<std::string()> peer;   // Who calls, for logs.
};

class CallStep {
 public:
  virtual ~CallStep() = default;

  virtual void OnArrival(Call& /*call*/) const {}
  // An error is the call's answer; the handler does not run.
  virtual absl::Status OnBegin(const Call& /*call*/) const { return absl::OkStatus(); }
  // `status` is the call's answer.
  virtual void OnEnd(const Call& /*call*/, const absl::Status& /*status*/) const {}
};

}  // namespace shortlist
