#include "serving/services/candidate_generation_service.h"

#include <memory>
#include <string>

#include "common/status_macros.h"
#include "serving/requests/request_validation.h"
#include "serving/requests/stage_messages.h"
#include "serving/services/call_budget.h"

namespace shortlist {

absl::Status CandidateGenerationService::Answer(const v1::GenerateCandidatesRequest& request,
                                                const Budget& budget,
                                                v1::GenerateCandidatesResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  Query query = FromMessage(request);
  if (query.context.time_ms == 0) query.context.time_ms = absl::ToUnixMillis(clock_());
  BoundQuery bound(query, BundleFor(request.bundle_id()));
  if (request.search_breadth() > 0) bound.effort.breadth = request.search_breadth();
  bound.pinned_item_ids.assign(request.pinned_item_ids().begin(), request.pinned_item_ids().end());
  ASSIGN_OR_RETURN(const CandidateList list, stage_.Generate(bound, budget));
  ToMessage(list, request.include_item_ids(), response);
  return absl::OkStatus();
}

absl::Status CandidateGenerationService::Answer(const v1::FindSimilarItemsRequest& request,
                                                const Budget& budget,
                                                v1::GenerateCandidatesResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(
      const CandidateList list,
      stage_.FindSimilar(FromMessage(request), BundleFor(request.bundle_id()), budget));
  ToMessage(list, /*include_item_ids=*/false, response);
  return absl::OkStatus();
}

std::shared_ptr<const Bundle> CandidateGenerationService::BundleFor(
    const std::string& bundle_id) const {
  std::shared_ptr<const Bundle> asked_for = bundles_.Find(bundle_id);
  return asked_for != nullptr ? asked_for : bundles_.Current();
}

grpc::ServerUnaryReactor* CandidateGenerationService::GenerateCandidates(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return calls_.Answer<v1::GenerateCandidatesRequest, v1::GenerateCandidatesResponse>(
      context, request, response, [this](const auto& parsed, const Call& call, auto& answer) {
        return Answer(parsed, BudgetOf(call, clock_), answer);
      });
}

grpc::ServerUnaryReactor* CandidateGenerationService::FindSimilarItems(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return calls_.Answer<v1::FindSimilarItemsRequest, v1::GenerateCandidatesResponse>(
      context, request, response, [this](const auto& parsed, const Call& call, auto& answer) {
        return Answer(parsed, BudgetOf(call, clock_), answer);
      });
}

}  // namespace shortlist
