#include "serving/rpc/request_id.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace shortlist {
namespace {

TEST(RequestId, IsOf32HexadecimalDigitsAndNeverTheSame) {
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = NewRequestId();
    EXPECT_EQ(id.size(), 32u);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
    EXPECT_TRUE(ids.insert(id).second);
  }
}

}  // namespace
}  // namespace shortlist
