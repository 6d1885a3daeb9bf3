#include "serving/services/recommender_service.h"

#include "common/status_macros.h"
#include "serving/services/call_budget.h"

namespace shortlist {

grpc::ServerUnaryReactor* RecommenderService::Recommend(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return calls_.Answer<v1::RecommendRequest, v1::RecommendResponse>(
      context, request, response,
      [this](const v1::RecommendRequest& parsed, const Call& call,
             v1::RecommendResponse& answer) -> absl::Status {
        const absl::Duration queued = clock_() - call.arrival;
        RETURN_IF_ERROR(recommender_.Recommend(parsed, BudgetOf(call, clock_), answer));
        v1::StageTimings& timings = *answer.mutable_timings();
        timings.set_queue_us(absl::ToInt64Microseconds(queued));
        timings.set_total_us(timings.total_us() + timings.queue_us());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* RecommenderService::SimilarItems(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return calls_.Answer<v1::SimilarItemsRequest, v1::SimilarItemsResponse>(
      context, request, response,
      [this](const v1::SimilarItemsRequest& parsed, const Call& call,
             v1::SimilarItemsResponse& answer) {
        return recommender_.SimilarItems(parsed, BudgetOf(call, clock_), answer);
      });
}

}  // namespace shortlist
