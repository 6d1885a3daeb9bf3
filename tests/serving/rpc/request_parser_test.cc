#include "serving/rpc/request_parser.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "shortlist/v1/recommender.pb.h"

namespace shortlist {
namespace {

const std::string kMarker = "@@";

// A request that holds kMarker in one place, on the wire, with bytes of the same length in place
// of it: protobuf would not let us write them.
grpc::ByteBuffer Wire(const std::function<void(v1::RecommendRequest&)>& fill,
                      const std::string& bytes) {
  v1::RecommendRequest request;
  fill(request);
  std::string wire = request.SerializeAsString();
  const size_t position = wire.find(kMarker);
  EXPECT_NE(position, std::string::npos);
  wire.replace(position, kMarker.size(), bytes);
  // In two pieces, as it may come from the network.
  grpc::Slice slices[] = {grpc::Slice(wire.substr(0, 3)), grpc::Slice(wire.substr(3))};
  return grpc::ByteBuffer(slices, 2);
}

TEST(RequestParser, NamesTheFieldThatIsNotUtf8) {
  using Fill = std::function<void(v1::RecommendRequest&)>;
  const std::vector<std::pair<std::string, Fill>> cases = {
      {"user_id", [](auto& r) { r.set_user_id(kMarker); }},
      {"anonymous.recent_item_ids[1]",
       [](auto& r) {
         r.mutable_anonymous()->add_recent_item_ids("fine");
         r.mutable_anonymous()->add_recent_item_ids(kMarker);
       }},
      {"anonymous.attributes[0].name",
       [](auto& r) { r.mutable_anonymous()->add_attributes()->set_name(kMarker); }},
      {"anonymous.attributes[1].values[0]",
       [](auto& r) {
         r.mutable_anonymous()->add_attributes()->set_name("gender");
         r.mutable_anonymous()->add_attributes()->add_values(kMarker);
       }},
      {"context.device", [](auto& r) { r.mutable_context()->set_device(kMarker); }},
      {"context.extra[0].key", [](auto& r) { (*r.mutable_context()->mutable_extra())[kMarker]; }},
      {"context.extra[0].value",
       [](auto& r) { (*r.mutable_context()->mutable_extra())["k"] = kMarker; }},
      {"filter.none_of[0].any_value.values[0]",
       [](auto& r) {
         r.mutable_filter()->add_none_of()->mutable_any_value()->add_values(kMarker);
       }},
      {"exclude_item_ids[0]", [](auto& r) { r.add_exclude_item_ids(kMarker); }},
  };
  for (const auto& [field, fill] : cases) {
    v1::RecommendRequest request;
    EXPECT_EQ(ParseRequest(Wire(fill, "\xC3\x28"), request),
              absl::InvalidArgumentError(field + ": is not valid UTF-8"));
  }
}

TEST(RequestParser, AcceptsUtf8) {
  v1::RecommendRequest request;
  ASSERT_TRUE(ParseRequest(Wire([](auto& r) { r.set_user_id(kMarker); }, "ë"), request).ok());
  EXPECT_EQ(request.user_id(), "ë");
}

TEST(RequestParser, ReadsARequestThatCameInManyPieces) {
  v1::RecommendRequest sent;
  sent.set_user_id("42");
  sent.set_count(7);
  std::vector<grpc::Slice> slices;
  for (char byte : sent.SerializeAsString()) slices.emplace_back(std::string(1, byte));
  const grpc::ByteBuffer buffer(slices.data(), slices.size());
  for (int repeat = 0; repeat < 2; ++repeat) {  // The buffer is left as it was.
    v1::RecommendRequest request;
    ASSERT_TRUE(ParseRequest(buffer, request).ok());
    EXPECT_EQ(request.user_id(), "42");
    EXPECT_EQ(request.count(), 7);
  }
}

TEST(RequestParser, RefusesBytesThatAreNoMessage) {
  grpc::Slice slice(std::string("\x0A\xFF garbage"));
  v1::RecommendRequest request;
  EXPECT_EQ(
      ParseRequest(grpc::ByteBuffer(&slice, 1), request),
      absl::InvalidArgumentError("the request is not a shortlist.v1.RecommendRequest message"));
}

TEST(RequestParser, RefusesATruncatedMessage) {
  v1::RecommendRequest sent;
  sent.set_user_id("somebody");
  grpc::Slice slice(sent.SerializeAsString().substr(0, 5));
  v1::RecommendRequest request;
  EXPECT_EQ(ParseRequest(grpc::ByteBuffer(&slice, 1), request).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(RequestParser, AnEmptyRequestIsAMessageWithEverythingAtItsDefault) {
  grpc::Slice nothing;
  v1::RecommendRequest request;
  EXPECT_TRUE(ParseRequest(grpc::ByteBuffer(&nothing, 1), request).ok());
}

}  // namespace
}  // namespace shortlist
