#include "state/redis/redis_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace shortlist {
namespace {

using ::testing::HasSubstr;

TEST(RedisAddress, HasAHostAPortAndAPrefix) {
  const RedisAddress plain = ParseRedisAddress("//127.0.0.1:6379").value();
  EXPECT_EQ(plain.host, "127.0.0.1");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_EQ(plain.prefix, "shortlist");
  const RedisAddress full = ParseRedisAddress("//[::1]:7/shop.eu_1-b").value();
  EXPECT_EQ(full.host, "::1");
  EXPECT_EQ(full.port, 7);
  EXPECT_EQ(full.prefix, "shop.eu_1-b");
}

TEST(RedisAddress, SaysWhatIsWrong) {
  const auto error = [](const std::string& where) {
    const absl::Status status = ParseRedisAddress(where).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << where;
    EXPECT_THAT(std::string(status.message()), HasSubstr("redis:" + where));
    return std::string(status.message());
  };
  EXPECT_THAT(error("localhost:6379"), HasSubstr("has no //"));
  EXPECT_THAT(error("//localhost"), HasSubstr("has no port"));
  EXPECT_THAT(error("//localhost/shop"), HasSubstr("has no port"));
  EXPECT_THAT(error("//:6379"), HasSubstr("has no host"));
  EXPECT_THAT(error("//[]:6379"), HasSubstr("has no host"));
  EXPECT_THAT(error("//me:secret@host:6379"), HasSubstr("passwords are not supported"));
  for (const char* where : {"//h:", "//h:x", "//h:0", "//h:65536", "//h:1 x"})
    EXPECT_THAT(error(where), HasSubstr("the port is not")) << where;
  for (const std::string where : {"//h:1/", "//h:1/a{b}", "//h:1/a/b", "//h:1/a b"})
    EXPECT_THAT(error(where), HasSubstr("the prefix is not")) << where;
  EXPECT_THAT(error("//h:1/" + std::string(65, 'a')), HasSubstr("the prefix is not"));
}

}  // namespace
}  // namespace shortlist
