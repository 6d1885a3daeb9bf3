// shortlist.v1.Users over gRPC. Refers to its parts, which must outlive it.
#pragma once

#include "serving/rpc/unary_calls.h"
#include "serving/services/user_records.h"
#include "shortlist/v1/users.grpc.pb.h"

namespace shortlist {

class UsersService
    : public v1::Users::WithRawCallbackMethod_Upsert<v1::Users::WithRawCallbackMethod_Get<
          v1::Users::WithRawCallbackMethod_Delete<v1::Users::Service>>> {
 public:
  UsersService(const UserRecords& users, const UnaryCalls& calls) : users_(users), calls_(calls) {}

  grpc::ServerUnaryReactor* Upsert(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context,
                                const grpc::ByteBuffer* request,
                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;

 private:
  const UserRecords& users_;
  const UnaryCalls& calls_;
};

}  // namespace shortlist
