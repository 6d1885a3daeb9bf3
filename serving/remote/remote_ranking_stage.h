// Stage two in another process, called over gRPC. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include <grpcpp/channel.h>

#include "pipeline/ranking_stage.h"
#include "serving/remote/hedged_call.h"
#include "shortlist/v1/ranking.grpc.pb.h"

namespace shortlist {

class RemoteRankingStage : public RankingStage {
 public:
  // `address` is for error messages. `hedging`, which must outlive this, makes calls that take long
  // a second time; null: none is.
  RemoteRankingStage(const std::shared_ptr<grpc::Channel>& channel, const std::string& address,
                     Hedging* hedging = nullptr);

  // The service's own error; UNAVAILABLE when it cannot be reached. INVALID_ARGUMENT is passed on
  // as it is, other errors name the service. INTERNAL when its answer is not well-formed.
  absl::StatusOr<Scores> Rank(BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                              const Budget& budget) const override;
  absl::StatusOr<std::vector<Explanation>> Explain(BoundQuery& query,
                                                   std::span<const Candidate> candidates,
                                                   std::span<const CandidateToExplain> wanted,
                                                   const Budget& budget) const override;

 private:
  absl::Status Call(const v1::RankRequest& request, const Budget& budget,
                    google::protobuf::Arena& arena, v1::RankResponse& response) const;

  std::unique_ptr<v1::Ranking::StubInterface> stub_;
  std::string name_;
  Hedging* hedging_;
};

}  // namespace shortlist
