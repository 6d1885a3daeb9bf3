// shortlist.v1.Recommender over gRPC. Refers to its parts, which must outlive it.
#pragma once

#include "serving/recommender.h"
#include "serving/rpc/unary_calls.h"
#include "shortlist/v1/recommender.grpc.pb.h"

namespace shortlist {

class RecommenderService
    : public v1::Recommender::WithRawCallbackMethod_Recommend<
          v1::Recommender::WithRawCallbackMethod_SimilarItems<v1::Recommender::Service>> {
 public:
  RecommenderService(const Recommender& recommender, const UnaryCalls& calls, const Clock& clock)
      : recommender_(recommender), calls_(calls), clock_(clock) {}

  grpc::ServerUnaryReactor* Recommend(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SimilarItems(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;

 private:
  const Recommender& recommender_;
  const UnaryCalls& calls_;
  const Clock& clock_;
};

}  // namespace shortlist
