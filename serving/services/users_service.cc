#include "serving/services/users_service.h"

namespace shortlist {

grpc::ServerUnaryReactor* UsersService::Upsert(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return calls_.Answer<v1::UpsertUserRequest, v1::UpsertUserResponse>(
      context, request, response,
      [this](const v1::UpsertUserRequest& parsed, const Call& /*call*/,
             v1::UpsertUserResponse& answer) { return users_.Upsert(parsed, answer); });
}

grpc::ServerUnaryReactor* UsersService::Get(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) {
  return calls_.Answer<v1::GetUserRequest, v1::GetUserResponse>(
      context, request, response,
      [this](const v1::GetUserRequest& parsed, const Call& /*call*/, v1::GetUserResponse& answer) {
        return users_.Get(parsed, answer);
      });
}

grpc::ServerUnaryReactor* UsersService::Delete(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return calls_.Answer<v1::DeleteUserRequest, v1::DeleteUserResponse>(
      context, request, response,
      [this](const v1::DeleteUserRequest& parsed, const Call& /*call*/,
             v1::DeleteUserResponse& answer) { return users_.Delete(parsed, answer); });
}

}  // namespace shortlist
