#include "serving/recommender.h"

#include <memory>

#include "common/status_macros.h"
#include "serving/requests/anonymous_user.h"
#include "serving/requests/answer_messages.h"
#include "serving/requests/query_messages.h"
#include "serving/requests/request_validation.h"
#include "serving/rpc/request_id.h"
#include "state/state_projection.h"

namespace shortlist {

absl::Status Recommender::Recommend(const v1::RecommendRequest& request, absl::Time deadline,
                                    v1::RecommendResponse& response) const {
  const absl::Time arrival = clock_();
  const Budget budget(clock_, deadline);
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(budget.Check("waiting"));
  const std::shared_ptr<const Bundle> bundle = parts_.bundles->Current();
  Query query = FromMessage(request);
  if (query.context.time_ms == 0) query.context.time_ms = absl::ToUnixMillis(arrival);
  ASSIGN_OR_RETURN(query.user, ReadUser(request, *bundle));
  const absl::Duration state_time = clock_() - arrival;
  RETURN_IF_ERROR(budget.Check("reading the user's state"));

  ASSIGN_OR_RETURN(const Answer answer, parts_.pipeline->Run(query, bundle, budget));

  ToMessage(answer, response);
  response.set_request_id(NewRequestId());
  v1::StageTimings& timings = *response.mutable_timings();
  timings.set_state_us(absl::ToInt64Microseconds(state_time));
  const absl::Duration total = clock_() - arrival;
  timings.set_assembly_us(
      absl::ToInt64Microseconds(total - state_time - answer.candidates_time - answer.ranking_time));
  timings.set_total_us(absl::ToInt64Microseconds(total));
  return absl::OkStatus();
}

absl::StatusOr<UserState> Recommender::ReadUser(const v1::RecommendRequest& request,
                                                const Bundle& bundle) const {
  if (request.has_anonymous()) return StateOfAnonymous(request.anonymous(), bundle.requests);
  UserState user;
  if (request.has_session_id()) {
    RETURN_IF_ERROR(parts_.states->Read(SessionKey(request.session_id()), user).status());
  } else {
    RETURN_IF_ERROR(parts_.states->Read(UserKey(request.user_id()), user).status());
    user.user_id = request.user_id();
  }
  TrimToBounds(user);
  return user;
}

absl::Status Recommender::SimilarItems(const v1::SimilarItemsRequest& request, absl::Time deadline,
                                       v1::SimilarItemsResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const CandidateList similar,
                   parts_.pipeline->parts().candidates->FindSimilar(
                       FromMessage(request), parts_.bundles->Current(), Budget(clock_, deadline)));
  ToMessage(similar, response);
  return absl::OkStatus();
}

}  // namespace shortlist
