#include "serving/remote/remote_candidate_stage.h"

#include <google/protobuf/arena.h>
#include <grpcpp/client_context.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/remote/remote_call.h"
#include "serving/requests/stage_messages.h"

namespace shortlist {

using google::protobuf::Arena;

RemoteCandidateStage::RemoteCandidateStage(const std::shared_ptr<grpc::Channel>& channel,
                                           const std::string& address,
                                           const BundleRegistry& bundles, Hedging* hedging)
    : stub_(v1::CandidateGeneration::NewStub(channel)),
      name_(absl::StrCat("retrieval service at ", address)),
      bundles_(bundles),
      hedging_(hedging) {}

absl::StatusOr<CandidateList> RemoteCandidateStage::Generate(BoundQuery& query,
                                                             const Budget& budget) const {
  Arena arena(MessageArenaOptions());
  auto& request = *Arena::CreateMessage<v1::GenerateCandidatesRequest>(&arena);
  auto& response = *Arena::CreateMessage<v1::GenerateCandidatesResponse>(&arena);
  ToMessage(query, request);
  const auto call = [&] {
    if (hedging_ != nullptr)
      return hedging_->Call(
          budget.deadline(), response, arena, [&](auto* context, auto* answer, auto done) {
            stub_->async()->GenerateCandidates(context, &request, answer, std::move(done));
          });
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(budget.deadline()));
    return stub_->GenerateCandidates(&context, request, &response);
  };
  RETURN_IF_ERROR(RemoteStatus(call(), name_));
  absl::StatusOr<CandidateList> list = FromMessage(response, bundles_);
  if (absl::IsFailedPrecondition(list.status())) {
    absl::Status status = list.status();
    MarkAsLackOfBundle(status);
    return status;
  }
  return list;
}

absl::StatusOr<CandidateList> RemoteCandidateStage::FindSimilar(
    const SimilarItemsQuery& query, const std::shared_ptr<const Bundle>& bundle,
    const Budget& budget) const {
  v1::FindSimilarItemsRequest request;
  v1::GenerateCandidatesResponse response;
  ToMessage(query, *bundle, request);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(budget.deadline()));
  RETURN_IF_ERROR(RemoteStatus(stub_->FindSimilarItems(&context, request, &response), name_));
  return FromMessage(response, bundles_);
}

}  // namespace shortlist
