#include "serving/recommender.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "serving/remote/remote_call.h"
#include "serving/requests/anonymous_user.h"
#include "serving/requests/answer_messages.h"
#include "serving/requests/page_token.h"
#include "serving/requests/query_messages.h"
#include "serving/requests/request_validation.h"
#include "serving/rpc/request_id.h"
#include "state/state_projection.h"

namespace shortlist {
namespace {

// What reading a state has, however late the request is.
constexpr absl::Duration kLeastStateTime = absl::Milliseconds(2);

// Of the user or the session; empty for an anonymous caller, of whom nothing is stored.
std::string KeyOf(const v1::RecommendRequest& request) {
  if (request.has_anonymous()) return "";
  return request.has_session_id() ? SessionKey(request.session_id()) : UserKey(request.user_id());
}

GivenAnswer ToRecord(const v1::RecommendRequest& request, const std::string& request_id,
                     absl::Time time, RequestContext context, const Answer& answer) {
  GivenAnswer given{.request_id = request_id,
                    .user_id = request.user_id(),
                    .session_id = request.session_id(),
                    .time_ms = absl::ToUnixMillis(time),
                    .context = std::move(context),
                    .bundle = answer.bundle,
                    .items = {}};
  given.items.reserve(answer.items.size());
  for (const AnswerItem& item : answer.items)
    given.items.push_back({.row = item.item, .score = item.score});
  return given;
}

}  // namespace

absl::Status Recommender::Recommend(const v1::RecommendRequest& request, const Budget& budget,
                                    v1::RecommendResponse& response) const {
  const absl::Time arrival = clock_();
  RETURN_IF_ERROR(Validate(request));
  const std::shared_ptr<const Bundle> bundle = parts_.bundles->Current();
  ASSIGN_OR_RETURN(const std::vector<std::string> shown, ShownBefore(request));
  Query query = FromMessage(request);
  query.excluded_item_ids.insert(query.excluded_item_ids.end(), shown.begin(), shown.end());
  if (query.context.time_ms == 0) query.context.time_ms = absl::ToUnixMillis(arrival);
  ASSIGN_OR_RETURN(const FrequencyCap cap, CapOf(request));
  std::vector<ServedAnswerRecorder::Showing> waiting;
  if (cap.showings > 0 && parts_.answers != nullptr)
    waiting = parts_.answers->Waiting(KeyOf(request));
  ASSIGN_OR_RETURN(query.user, ReadUser(request, *bundle, budget, response));
  if (cap.showings > 0) {
    for (const ServedAnswerRecorder::Showing& showing : waiting)
      AddShowing(showing.item_id, showing.time_ms, query.user.shown);
    for (std::string& id :
         RestingItems(cap, query.user.shown, query.user.history, absl::ToUnixMillis(arrival)))
      query.excluded_item_ids.push_back(std::move(id));
  }
  query.user.shown.clear();  // No stage has a use for it.
  const absl::Duration state_time = clock_() - arrival;
  RETURN_IF_ERROR(budget.Check("reading the user's state"));

  ASSIGN_OR_RETURN(const Answer answer, Run(query, bundle, budget));

  ToMessage(answer, response);
  response.set_request_id(NewRequestId());
  response.set_next_page_token(NextPageToken(request, shown, query.count, response));
  // What is recorded is somebody's, and not of one who asked to be forgotten or may have.
  if (parts_.answers != nullptr && !request.has_anonymous() && !query.user.is_forgotten &&
      !response.state_unavailable())
    parts_.answers->Add(
        ToRecord(request, response.request_id(), arrival, std::move(query.context), answer));
  v1::StageTimings& timings = *response.mutable_timings();
  timings.set_state_us(absl::ToInt64Microseconds(state_time));
  const absl::Duration total = clock_() - arrival;
  timings.set_assembly_us(
      absl::ToInt64Microseconds(total - state_time - answer.candidates_time - answer.ranking_time));
  timings.set_total_us(absl::ToInt64Microseconds(total));
  rung_log_.OnAnswer(answer.rung, arrival);
  if (Degradation* const degradation = parts_.pipeline->parts().degradation)
    degradation->effort.OnRequest(budget.Taken(), budget.Whole(), arrival);
  return absl::OkStatus();
}

absl::StatusOr<Answer> Recommender::Run(const Query& query,
                                        const std::shared_ptr<const Bundle>& bundle,
                                        const Budget& budget) const {
  absl::StatusOr<Answer> answer = parts_.pipeline->Run(query, bundle, budget);
  if (!LacksBundle(answer.status())) return answer;
  if (const std::shared_ptr<const Bundle> previous = parts_.bundles->Previous()) {
    answer = parts_.pipeline->Run(query, previous, budget);
    if (!LacksBundle(answer.status())) return answer;
  }
  if (parts_.pipeline->parts().degradation == nullptr) return answer;
  return parts_.pipeline->Run(query, bundle, budget, {.candidates = false, .ranking = false});
}

absl::StatusOr<FrequencyCap> Recommender::CapOf(const v1::RecommendRequest& request) const {
  if (!request.has_frequency_cap()) return parts_.frequency_cap;
  const FieldPath path{nullptr, "frequency_cap"};
  ASSIGN_OR_RETURN(const FrequencyCap cap,
                   FrequencyCapOf(request.frequency_cap(), path, /*may_be_off=*/true));
  if (cap.Memory() > parts_.showings_kept)
    return Invalid(
        path, absl::StrCat("needs what was shown in the last ", absl::ToInt64Seconds(cap.Memory()),
                           " seconds; the service remembers it for ",
                           absl::ToInt64Seconds(parts_.showings_kept),
                           " (impressions.keep_seconds of its configuration)"));
  return cap;
}

absl::StatusOr<UserState> Recommender::ReadUser(const v1::RecommendRequest& request,
                                                const Bundle& bundle, const Budget& budget,
                                                v1::RecommendResponse& response) const {
  if (request.has_anonymous()) return StateOfAnonymous(request.anonymous(), bundle.requests);
  // The rest of the time is for an answer without.
  const absl::Time now = budget.Now();
  const absl::Time deadline =
      std::min(now + std::max((budget.target() - now) / 2, kLeastStateTime), budget.deadline());
  UserState user;
  const absl::Status status = parts_.states->Read(KeyOf(request), deadline, user).status();
  const bool is_unavailable = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  if (!status.ok() && !is_unavailable) return status;
  outage_log_.OnRead(status, now);
  if (is_unavailable) {
    response.set_state_unavailable(true);
    // Without the id, too, which models may know: the user may have asked to be forgotten.
    return UserState();
  }
  if (request.has_user_id()) user.user_id = request.user_id();
  TrimToBounds(user);
  return user;
}

absl::Status Recommender::SimilarItems(const v1::SimilarItemsRequest& request, const Budget& budget,
                                       v1::SimilarItemsResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const CandidateList similar,
                   parts_.pipeline->parts().candidates->FindSimilar(
                       FromMessage(request), parts_.bundles->Current(), budget));
  ToMessage(similar, response);
  return absl::OkStatus();
}

}  // namespace shortlist
