#include "app/admin/admin_client.h"

#include <chrono>

namespace shortlist {

void PrepareAdminCall(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(30));
}

}  // namespace shortlist
