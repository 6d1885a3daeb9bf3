// shortlist.v1.Admin over gRPC: what this process serves, and changing that. Refers to its parts,
// which must outlive it.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "serving/admission/refusals.h"
#include "serving/bundle_follower.h"
#include "serving/rpc/unary_calls.h"
#include "serving/rung_log.h"
#include "serving/swap/recorded_queries.h"
#include "shortlist/v1/admin.grpc.pb.h"

namespace shortlist {

class AdminService
    : public v1::Admin::WithRawCallbackMethod_ListBundles<
          v1::Admin::WithRawCallbackMethod_ActivateBundle<v1::Admin::WithRawCallbackMethod_RollBack<
              v1::Admin::WithRawCallbackMethod_GetStatus<v1::Admin::Service>>>> {
 public:
  struct Parts {
    v1::Role role;
    std::filesystem::path models_dir;
    const BundleRegistry* bundles;
    BundleFollower* follower;
    const Refusals* refusals;
    const RecordedQueries* recorded = nullptr;  // Null: this role records none.
    const RungLog* rungs = nullptr;             // Null: this role makes no whole answers.
  };
  // `calls`: with workers of their own, of which one may be busy for minutes. The process began
  // when this is made.
  AdminService(const Parts& parts, const UnaryCalls& calls, const Clock& clock)
      : parts_(parts), calls_(calls), clock_(clock), started_(clock()) {}

  // What the RPCs do, without the network: fill in `response`, which is empty.
  absl::Status Answer(const v1::ListBundlesRequest& request,
                      v1::ListBundlesResponse& response) const;
  absl::Status Answer(const v1::ActivateBundleRequest& request,
                      v1::ActivateBundleResponse& response) const;
  absl::Status Answer(const v1::RollBackRequest& request, v1::RollBackResponse& response) const;
  absl::Status Answer(const v1::GetStatusRequest& request, v1::GetStatusResponse& response) const;

  grpc::ServerUnaryReactor* ListBundles(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ActivateBundle(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RollBack(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;

 private:
  template <class Request, class Response>
  grpc::ServerUnaryReactor* Handle(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request, grpc::ByteBuffer* response);

  const Parts parts_;
  const UnaryCalls& calls_;
  const Clock& clock_;
  const absl::Time started_;
};

}  // namespace shortlist
