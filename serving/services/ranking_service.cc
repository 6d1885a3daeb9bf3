#include "serving/services/ranking_service.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/requests/request_validation.h"

namespace shortlist {

grpc::ServerUnaryReactor* RankingService::Rank(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return calls_.Answer<v1::RankRequest, v1::RankResponse>(
      context, request, response,
      [this](v1::RankRequest& parsed, CallTimes times, v1::RankResponse& answer) -> absl::Status {
        RETURN_IF_ERROR(Validate(parsed));
        std::shared_ptr<const Bundle> bundle = bundles_.Find(parsed.bundle_id());
        if (bundle == nullptr)
          return absl::FailedPreconditionError(
              absl::StrCat("bundle_id: bundle ", parsed.bundle_id(), " is not loaded here"));
        if (parsed.context().time_ms() == 0)
          parsed.mutable_context()->set_time_ms(absl::ToUnixMillis(clock_()));
        return stage_.Rank(parsed, {.bundle = std::move(bundle), .deadline = times.deadline},
                           answer);
      });
}

}  // namespace shortlist
