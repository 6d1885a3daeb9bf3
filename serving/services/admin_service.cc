#include "serving/services/admin_service.h"

#include <memory>
#include <string>
#include <vector>

#include "common/status_macros.h"
#include "model/bundle.h"
#include "model/bundle_versions.h"
#include "pipeline/ladder/rung.h"

namespace shortlist {
namespace {

void AddRungAnswers(const RungLog& rungs, v1::GetStatusResponse& response) {
  for (const Rung& rung : RungTable()) {
    const uint64_t count = rungs.answers(rung.id);
    if (count == 0) continue;
    v1::RungAnswers& answers = *response.add_rung_answers();
    answers.set_rung(static_cast<v1::Rung>(rung.id));
    answers.set_answers(static_cast<int64_t>(count));
  }
}

void AddRefusedCalls(const Refusals::Counts& counts, v1::GetStatusResponse& response) {
  for (size_t reason = 0; reason < counts.size(); ++reason) {
    if (counts[reason] == 0) continue;
    v1::RefusedCalls& refused = *response.add_refused_calls();
    refused.set_reason(static_cast<v1::RefusalReason>(reason + 1));
    refused.set_calls(counts[reason]);
  }
}

// One after the other, the first being that of the message that says nothing.
static_assert(static_cast<int>(Refusal::kQueueFull) + 1 == v1::REFUSAL_REASON_QUEUE_FULL &&
              static_cast<int>(Refusal::kRateLimit) + 1 == v1::REFUSAL_REASON_RATE_LIMIT &&
              kRefusalReasons + 1 == v1::RefusalReason_ARRAYSIZE);

}  // namespace

absl::Status AdminService::Answer(const v1::ListBundlesRequest& /*request*/,
                                  v1::ListBundlesResponse& response) const {
  ASSIGN_OR_RETURN(const std::vector<BundleVersion> versions, ListVersions(parts_.models_dir));
  const std::string served = parts_.bundles->Current()->version;
  const std::shared_ptr<const Bundle> previous = parts_.bundles->Previous();
  const BundleFollower::State state = parts_.follower->state();
  for (const BundleVersion& version : versions) {
    v1::BundleInfo& info = *response.add_bundles();
    info.set_version(version.name);
    info.set_bundle_id(version.bundle_id);
    info.set_bytes(static_cast<int64_t>(version.bytes));
    info.set_current(version.is_current);
    info.set_served(version.name == served);
    info.set_previous(previous != nullptr && version.name == previous->version);
    if (const auto refused = state.refused.find(version.name); refused != state.refused.end())
      info.set_refused_reason(std::string(refused->second.reason.message()));
  }
  return absl::OkStatus();
}

absl::Status AdminService::Answer(const v1::ActivateBundleRequest& request,
                                  v1::ActivateBundleResponse& response) const {
  RETURN_IF_ERROR(parts_.follower->Activate(
      request.version(), request.skip_canary() ? CanaryUse::kSkip : CanaryUse::kTry));
  const std::shared_ptr<const Bundle> served = parts_.bundles->Current();
  response.set_version(served->version);
  response.set_bundle_id(served->id);
  return absl::OkStatus();
}

absl::Status AdminService::Answer(const v1::RollBackRequest& /*request*/,
                                  v1::RollBackResponse& response) const {
  RETURN_IF_ERROR(parts_.follower->RollBack().status());
  const std::shared_ptr<const Bundle> served = parts_.bundles->Current();
  response.set_version(served->version);
  response.set_bundle_id(served->id);
  return absl::OkStatus();
}

absl::Status AdminService::Answer(const v1::GetStatusRequest& /*request*/,
                                  v1::GetStatusResponse& response) const {
  response.set_role(parts_.role);
  response.set_started_ms(absl::ToUnixMillis(started_));
  response.set_uptime_ms(absl::ToInt64Milliseconds(clock_() - started_));
  const std::shared_ptr<const Bundle> served = parts_.bundles->Current();
  response.set_version(served->version);
  response.set_bundle_id(served->id);
  response.set_item_count(served->catalog.item_count());
  if (const std::shared_ptr<const Bundle> previous = parts_.bundles->Previous())
    response.set_previous_version(previous->version);
  response.set_current_version(CurrentVersion(parts_.models_dir).value_or(""));
  const BundleFollower::State state = parts_.follower->state();
  response.set_taking_up_version(state.taking_up);
  for (const auto& [version, refusal] : state.refused) {
    v1::RefusedBundle& refused = *response.add_refused();
    refused.set_version(version);
    refused.set_reason(std::string(refusal.reason.message()));
    refused.set_time_ms(absl::ToUnixMillis(refusal.time));
  }
  if (parts_.recorded != nullptr)
    response.set_recorded_requests(static_cast<int32_t>(parts_.recorded->size()));
  if (parts_.rungs != nullptr) AddRungAnswers(*parts_.rungs, response);
  AddRefusedCalls(parts_.refusals->counts(), response);
  return absl::OkStatus();
}

template <class Request, class Response>
grpc::ServerUnaryReactor* AdminService::Handle(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return calls_.Answer<Request, Response>(
      context, request, response,
      [this](const Request& parsed, const Call& /*call*/, Response& answer) {
        return Answer(parsed, answer);
      });
}

grpc::ServerUnaryReactor* AdminService::ListBundles(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return Handle<v1::ListBundlesRequest, v1::ListBundlesResponse>(context, request, response);
}

grpc::ServerUnaryReactor* AdminService::ActivateBundle(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return Handle<v1::ActivateBundleRequest, v1::ActivateBundleResponse>(context, request, response);
}

grpc::ServerUnaryReactor* AdminService::RollBack(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return Handle<v1::RollBackRequest, v1::RollBackResponse>(context, request, response);
}

grpc::ServerUnaryReactor* AdminService::GetStatus(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return Handle<v1::GetStatusRequest, v1::GetStatusResponse>(context, request, response);
}

}  // namespace shortlist
