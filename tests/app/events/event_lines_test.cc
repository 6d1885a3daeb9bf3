#include "app/events/event_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string Line(int id) {
  return R"({"event_id": ")" + std::to_string(id) +
         R"(", "user_id": "7", "item_id": "318", "type": "EVENT_TYPE_CLICK"})" + "\n";
}

// The input must outlive them.
EventLines LinesOf(std::istream& input) {
  return EventLines(JsonLines({std::shared_ptr<void>(), &input}, "events"));
}

TEST(EventLines, AreReadWithTheirNumbers) {
  std::istringstream input(Line(1) + "\n" + R"({"eventId":"2","sessionId":"s","rating":4.5})");
  EventLines lines = LinesOf(input);
  const EventLines::Batch batch = lines.Next().value();
  EXPECT_THAT(batch.lines, ElementsAre(1, 3));
  ASSERT_EQ(batch.request.events_size(), 2);
  EXPECT_EQ(batch.request.events(0).user_id(), "7");
  EXPECT_EQ(batch.request.events(0).type(), v1::EVENT_TYPE_CLICK);
  EXPECT_EQ(batch.request.events(1).session_id(), "s");
  EXPECT_EQ(batch.request.events(1).rating(), 4.5F);
  EXPECT_THAT(lines.Next().value().lines, IsEmpty());
}

TEST(EventLines, ComeInBatchesAsLargeAsARequestMayBe) {
  std::string text;
  for (int i = 0; i < 1'001; ++i) text += Line(i);
  std::istringstream input(text);
  EventLines lines = LinesOf(input);
  EXPECT_EQ(lines.Next().value().request.events_size(), 1'000);
  const EventLines::Batch last = lines.Next().value();
  EXPECT_THAT(last.lines, ElementsAre(1'001));
  EXPECT_EQ(last.request.events(0).event_id(), "1000");
}

TEST(EventLines, NameTheLineThatIsNoEvent) {
  for (const std::string bad : {"{", "7", R"({"shoe_size": 7})", R"({"type": "click"})"}) {
    std::istringstream input(Line(1) + bad);
    const absl::Status status = LinesOf(input).Next().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), StartsWith("events:2: not an event: "));
  }
}

TEST(EventLines, NameTheLineOfTheEventThatTheServiceNames) {
  std::istringstream input("\n" + Line(1) + "\n\n" + Line(2));
  EventLines lines = LinesOf(input);
  const EventLines::Batch batch = lines.Next().value();
  auto of_line = [&](const std::string& message) {
    return lines.OfLine(absl::InvalidArgumentError(message), batch);
  };
  EXPECT_EQ(of_line("events[1].rating: is missing"),
            absl::InvalidArgumentError("events:5: rating: is missing"));
  for (const char* other : {"events: is empty", "events[2].rating: is missing", "events[", "away"})
    EXPECT_EQ(of_line(other), absl::InvalidArgumentError(other));
}

}  // namespace
}  // namespace shortlist
