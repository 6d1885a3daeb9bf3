#include "proto/text_proto.h"

#include <gtest/gtest.h>

#include "shortlist/v1/config.pb.h"

namespace shortlist {
namespace {

TEST(ParseTextProto, FillsInTheMessage) {
  v1::ServerConfig config;
  ASSERT_TRUE(ParseTextProto("models_dir: \"m\" worker_threads: 3", "f", config).ok());
  EXPECT_EQ(config.models_dir(), "m");
  EXPECT_EQ(config.worker_threads(), 3);
}

TEST(ParseTextProto, NamesFileLineAndColumnOfWhatIsWrong) {
  v1::ServerConfig config;
  const absl::Status status = ParseTextProto("models_dir: \"m\"\n  modles: 3", "all.txtpb", config);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message().substr(0, 14), "all.txtpb:2:9:") << status;
}

}  // namespace
}  // namespace shortlist
