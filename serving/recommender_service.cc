#include "serving/recommender_service.h"

namespace shortlist {

grpc::ServerUnaryReactor* RecommenderService::Recommend(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return calls_.Answer<v1::RecommendRequest, v1::RecommendResponse>(
      context, request, response,
      [this](const v1::RecommendRequest& parsed, absl::Time deadline,
             v1::RecommendResponse& answer) {
        return recommender_.Recommend(parsed, deadline, answer);
      });
}

grpc::ServerUnaryReactor* RecommenderService::SimilarItems(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return calls_.Answer<v1::SimilarItemsRequest, v1::SimilarItemsResponse>(
      context, request, response,
      [this](const v1::SimilarItemsRequest& parsed, absl::Time /*deadline*/,
             v1::SimilarItemsResponse& answer) {
        return recommender_.SimilarItems(parsed, answer);
      });
}

}  // namespace shortlist
