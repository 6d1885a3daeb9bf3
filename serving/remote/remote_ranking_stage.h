// Stage two in another process, called over gRPC. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include <grpcpp/channel.h>

#include "serving/ranking_stage.h"
#include "shortlist/v1/ranking.grpc.pb.h"

namespace shortlist {

class RemoteRankingStage : public RankingStage {
 public:
  // `address` is for error messages.
  RemoteRankingStage(const std::shared_ptr<grpc::Channel>& channel, const std::string& address);

  // The service's own error; UNAVAILABLE when it cannot be reached. INVALID_ARGUMENT is passed on
  // as it is, other errors name the service.
  absl::Status Rank(const v1::RankRequest& request, const StageCall& call,
                    v1::RankResponse& response) const override;

 private:
  std::unique_ptr<v1::Ranking::StubInterface> stub_;
  std::string name_;
};

}  // namespace shortlist
