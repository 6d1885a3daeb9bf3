// Over a real channel, with a real store.

#include "serving/services/users_service.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/grpc_server.h"
#include "state/state_stores.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(UsersService, TellsReadsAndDeletesAUser) {
  const TemporaryFolder folder;
  const std::unique_ptr<StateStore> store =
      OpenStateStore(folder / "state.db", StateProjection(), IfMissing::kCreate).value();
  const BundleRegistry bundles(SharedTestModels().bundle());
  const UserRecords users(bundles, *store);
  const Clock clock = absl::Now;
  RequestWorkers workers(1);
  const UnaryCalls calls(workers, clock, {});
  UsersService service(users, calls);
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"users", &service}}).value();
  const auto stub =
      v1::Users::NewStub(grpc::CreateChannel(server->address(), CallingCredentials()));

  v1::UpsertUserRequest upsert;
  upsert.set_user_id("u");
  v1::Attribute& gender = *upsert.add_attributes();
  gender.set_name("gender");
  gender.add_values("F");
  v1::UpsertUserResponse upserted;
  grpc::ClientContext upsert_context;
  ASSERT_TRUE(stub->Upsert(&upsert_context, upsert, &upserted).ok());

  v1::GetUserRequest get;
  get.set_user_id("u");
  v1::GetUserResponse got;
  grpc::ClientContext get_context;
  ASSERT_TRUE(stub->Get(&get_context, get, &got).ok());
  EXPECT_EQ(got.user().attributes(0).values(0), "F");

  v1::DeleteUserRequest remove;
  remove.set_user_id("u");
  v1::DeleteUserResponse removed;
  grpc::ClientContext delete_context;
  ASSERT_TRUE(stub->Delete(&delete_context, remove, &removed).ok());
  grpc::ClientContext again;
  EXPECT_EQ(stub->Get(&again, get, &got).error_code(), grpc::StatusCode::NOT_FOUND);
  server->Shutdown(absl::Seconds(5));
}

}  // namespace
}  // namespace shortlist
