#include "app/events/event_dataset.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "data/dataset.h"
#include "state/state_stores.h"
#include "tests/support/datasets/npy_bytes.h"
#include "tests/support/datasets/toy_dataset_files.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kFirstTime = 1'700'000'000'000;

v1::LogEntry Entry(const std::string& text) {
  v1::LogEntry entry;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &entry)) << text;
  return entry;
}

// `who`: "user_id: 'a'" or "session_id: 'a'".
v1::LogEntry EventOf(const std::string& who, const std::string& item, const std::string& type,
                     int seconds, const std::string& more = "") {
  static int events = 0;
  return Entry("event { event_id: 'e" + std::to_string(++events) + "' " + who + " item_id: '" +
               item + "' type: EVENT_TYPE_" + type +
               " time_ms: " + std::to_string(kFirstTime + 1000 * seconds) + " " + more + " }");
}

class EventDatasetTest : public ::testing::Test {
 protected:
  void Append(const std::vector<v1::LogEntry>& entries) {
    const auto appended = store_->Append(entries);
    ASSERT_TRUE(appended.ok()) << appended.status();
  }

  absl::StatusOr<EventDatasetCounts> Write(const std::string& base, const std::string& name) {
    const auto folder = DatasetFolder::Create(folder_ / name, /*replace=*/true);
    EXPECT_TRUE(folder.ok()) << folder.status();
    const absl::StatusOr<EventDatasetCounts> counts =
        WriteEventDataset(*store_, worth_, base, **folder);
    if (counts.ok()) {
      EXPECT_TRUE((*folder)->Publish().ok());
    }
    return counts;
  }
  Dataset Load(const std::string& name) {
    auto dataset = LoadDataset(folder_ / name, {.now_ms = kFirstTime + 1'000'000});
    EXPECT_TRUE(dataset.ok()) << dataset.status();
    return dataset.ok() ? *std::move(dataset) : Dataset{};
  }
  // "user item seconds worth" of each, seconds after kFirstTime.
  static std::vector<std::string> Lines(const Dataset& dataset,
                                        const std::vector<DatasetInteraction>& interactions) {
    std::vector<std::string> lines;
    for (const DatasetInteraction& i : interactions)
      lines.push_back(dataset.user_ids[i.user] + " " + dataset.items.ids[i.item] + " " +
                      std::to_string((i.time_ms - kFirstTime) / 1000) + " " +
                      std::to_string(static_cast<int>(i.worth)));
    return lines;
  }

  TemporaryFolder folder_;
  EventWorth worth_;
  std::unique_ptr<StateStore> store_ = *OpenStateStore(
      (folder_ / "state.db").string(), StateProjection(EventWorth()), IfMissing::kCreate);
};

TEST_F(EventDatasetTest, WhatWasTakenUpAndRefusedIsReadBackAsItWasMeant) {
  Append({EventOf("user_id: 'a'", "x", "CLICK", 1), EventOf("user_id: 'a'", "y", "DISLIKE", 2),
          EventOf("user_id: 'a'", "z", "IMPRESSION", 3),
          EventOf("user_id: 'b'", "x", "RATING", 4, "rating: 3.5"),
          EventOf("session_id: 'a'", "z", "PURCHASE", 5)});
  const auto counts = Write("", "log");
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(Describe(*counts), "3 events taken up, 1 refused, 0 items passed over");

  const Dataset dataset = Load("log");
  EXPECT_THAT(Lines(dataset, dataset.interactions),
              ElementsAre("a x 1 1", "b x 4 1", "session:a z 5 1"));
  EXPECT_THAT(Lines(dataset, dataset.refused), ElementsAre("a y 2 -1"));
  EXPECT_EQ(dataset.interactions[1].value, 3.5F);
  EXPECT_TRUE(dataset.has_unix_times);
}

TEST_F(EventDatasetTest, RatingsOfManyDigitsAreReadBackAsTheyWere) {
  Append({EventOf("user_id: 'b'", "x", "RATING", 4, "rating: 1234567")});
  ASSERT_TRUE(Write("", "log").ok());
  EXPECT_EQ(Load("log").interactions.at(0).value, 1234567.0F);
}

TEST_F(EventDatasetTest, ItemsAboveAClickThatWereLeftAloneAreRefused) {
  const std::string answer =
      "answer { request_id: 'r' user_id: 'a' time_ms: " + std::to_string(kFirstTime) +
      " context { device: 'phone' } items { item_id: 'w' } items { item_id: 'x' } "
      "items { item_id: 'y' } items { item_id: 'z' } }";
  const std::string ignored =
      "answer { request_id: 's' user_id: 'a' time_ms: " + std::to_string(kFirstTime) +
      " items { item_id: 'v' } }";
  // In the other order than they happened: what was shown is recorded later.
  Append({EventOf("user_id: 'a'", "y", "CLICK", 9, "request_id: 'r' place: 3"),
          EventOf("user_id: 'a'", "x", "HIDE", 10, "request_id: 'r' place: 2"), Entry(answer),
          Entry(ignored)});
  ASSERT_TRUE(Write("", "log").ok());
  const Dataset dataset = Load("log");
  EXPECT_THAT(Lines(dataset, dataset.interactions), ElementsAre("a y 9 1"));
  EXPECT_THAT(Lines(dataset, dataset.refused), ElementsAre("a w 0 -1", "a x 10 -1"));
}

TEST_F(EventDatasetTest, GoesOnFromADatasetAndCountsNothingTwice) {
  const std::string base = WriteToyDataset(folder_);
  const size_t items = Load("toy").items.ids.size();
  folder_.Write("toy/toy.item.npy", NpyBytes(items, 1, std::vector<float>(items, 3)));
  const Dataset before = Load("toy");
  ASSERT_EQ(before.items.vectors, std::vector<float>(items, 3));
  Append({EventOf("user_id: '4'", "30", "CLICK", 1), EventOf("user_id: 'new'", "30", "CLICK", 2)});
  auto counts = Write(base, "once");
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->of_base, before.interactions.size());
  const Dataset once = Load("once");
  EXPECT_EQ(once.interactions.size(), before.interactions.size() + 2);
  EXPECT_EQ(once.items.titles, before.items.titles);
  EXPECT_EQ(once.items.codes, before.items.codes);
  EXPECT_EQ(once.items.vectors, before.items.vectors);

  // A base that the same log went into already.
  counts = Write((folder_ / "once").string(), "twice");
  ASSERT_TRUE(counts.ok()) << counts.status();
  const Dataset twice = Load("twice");
  EXPECT_EQ(Lines(twice, twice.interactions), Lines(once, once.interactions));
}

TEST_F(EventDatasetTest, WhoAskedToBeForgottenIsLeftOutOfTheBase) {
  folder_.Write("shop/shop.inter",
                "user_id:token\titem_id:token\ttimestamp:float\n"
                "a\tx\t1700000000\nb\tx\t1700000000\n");
  folder_.Write("shop/shop.user", "user_id:token\tcity:token\na\tRome\nb\tParis\n");
  ASSERT_TRUE(store_->Forget("a").ok());
  ASSERT_TRUE(Write((folder_ / "shop").string(), "log").ok());
  EXPECT_THAT(Load("log").user_ids, ElementsAre("b"));
}

TEST_F(EventDatasetTest, WhatIsToldOfUsersStandsInThePlaceOfWhatTheBaseSays) {
  folder_.Write("shop/shop.inter",
                "user_id:token\titem_id:token\ttimestamp:float\n"
                "a\tx\t1700000000\nb\tx\t1700000000\n");
  folder_.Write("shop/shop.user", "user_id:token\tcity:token\na\tRome\nb\tParis\n");
  Append({Entry("user { user_id: 'a' attributes { name: 'city' values: 'Oslo' } }"),
          Entry("user { user_id: 'c' attributes { name: 'likes' values: ['tea', 'ice cream'] } }"),
          EventOf("user_id: 'c'", "x", "CLICK", 2)});
  ASSERT_TRUE(Write((folder_ / "shop").string(), "log").ok());
  EXPECT_EQ(*ReadFile(folder_ / "log/log.user"),
            "user_id:token\tcity:token\tlikes:token_seq\n"
            "a\tOslo\t\nb\tParis\t\nc\t\ttea|ice cream\n");
  // The separator is declared.
  EXPECT_THAT(*ReadFile(folder_ / "log/log.spec.txtpb"), HasSubstr("separator: \"|\""));
  EXPECT_THAT(Load("log").user_ids, ElementsAre("a", "b", "c"));
}

TEST_F(EventDatasetTest, SaysWhatCannotBeDone) {
  EXPECT_THAT(std::string(Write("", "log").status().message()),
              HasSubstr("holds nothing that is worth anything"));
  folder_.Write("order/order.inter",
                "user_id:token\titem_id:token\ttimestamp:float\na\tx\t1\na\ty\t2\n");
  EXPECT_THAT(std::string(Write((folder_ / "order").string(), "log").status().message()),
              HasSubstr("have no Unix times"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "log"));
}

}  // namespace
}  // namespace shortlist
