#include "serving/services/candidate_generation_service.h"

#include "common/status_macros.h"
#include "serving/requests/request_validation.h"

namespace shortlist {

grpc::ServerUnaryReactor* CandidateGenerationService::GenerateCandidates(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return calls_.Answer<v1::GenerateCandidatesRequest, v1::GenerateCandidatesResponse>(
      context, request, response,
      [this](v1::GenerateCandidatesRequest& parsed, CallTimes times,
             v1::GenerateCandidatesResponse& answer) -> absl::Status {
        RETURN_IF_ERROR(Validate(parsed));
        if (parsed.context().time_ms() == 0)
          parsed.mutable_context()->set_time_ms(absl::ToUnixMillis(clock_()));
        return stage_.Generate(parsed, {.bundle = bundles_.Current(), .deadline = times.deadline},
                               answer);
      });
}

}  // namespace shortlist
