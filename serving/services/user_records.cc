#include "serving/services/user_records.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "features/user_state.h"
#include "serving/requests/request_validation.h"
#include "serving/requests/user_attributes.h"
#include "serving/requests/user_messages.h"
#include "shortlist/v1/events.pb.h"
#include "state/state_projection.h"

namespace shortlist {
namespace {

constexpr int kDefaultShownInteractions = 100;

}  // namespace

absl::Status UserRecords::Upsert(const v1::UpsertUserRequest& request,
                                 v1::UpsertUserResponse& /*response*/) const {
  RETURN_IF_ERROR(Validate(request));
  const std::shared_ptr<const Bundle> bundle = bundles_.Current();
  RETURN_IF_ERROR(CheckUserAttributes(request.attributes(), bundle->requests.users(), nullptr));
  v1::LogEntry entry;
  entry.mutable_user()->set_user_id(request.user_id());
  *entry.mutable_user()->mutable_attributes() = request.attributes();
  return states_.Append(std::span(&entry, 1)).status();
}

absl::Status UserRecords::Get(const v1::GetUserRequest& request,
                              v1::GetUserResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  UserState state;
  RETURN_IF_ERROR(states_.Read(UserKey(request.user_id()), state).status());
  if (state.attributes.empty() && state.history.empty() && state.refused.empty() &&
      state.shown.empty())
    return absl::NotFoundError(
        absl::StrCat("user_id: nothing is known of a user \"", request.user_id(), "\""));
  state.user_id = request.user_id();
  response.set_history_size(static_cast<int32_t>(state.history.size()));
  response.set_refused_size(static_cast<int32_t>(state.refused.size()));
  const auto most =
      static_cast<size_t>(request.count() == 0 ? kDefaultShownInteractions : request.count());
  KeepLast(most, state.history);
  KeepLast(most, state.refused);
  ToMessage(state, *response.mutable_user());
  return absl::OkStatus();
}

absl::Status UserRecords::Delete(const v1::DeleteUserRequest& request,
                                 v1::DeleteUserResponse& /*response*/) const {
  RETURN_IF_ERROR(Validate(request));
  return states_.Forget(request.user_id());
}

}  // namespace shortlist
