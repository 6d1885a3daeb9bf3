#include "state/user_state_codec.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "shortlist/v1/common.pb.h"

namespace shortlist {
namespace {

UserState RandomState(std::mt19937_64& random) {
  auto below = [&](uint64_t n) { return random() % n; };
  auto text = [&] { return std::string(below(20), static_cast<char>('a' + below(26))); };
  UserState state{.user_id = text(), .attributes = {}, .history = {}};
  for (uint64_t i = below(4); i > 0; --i) {
    NamedAttribute& attribute = state.attributes.emplace_back();
    attribute.name = text();
    for (uint64_t v = below(3); v > 0; --v) attribute.values.push_back(text());
  }
  for (std::vector<Interaction>* list : {&state.history, &state.refused})
    for (uint64_t i = below(30); i > 0; --i)
      list->push_back({.item_id = text(),
                       .time_ms = static_cast<int64_t>(random()) >> below(60),
                       .value = static_cast<float>(below(10)) - 5});
  for (uint64_t i = below(20); i > 0; --i) {
    Showings& shown = state.shown.emplace_back();
    shown.item_id = text();
    for (uint64_t t = 1 + below(4); t > 0; --t)
      shown.times_ms.push_back(static_cast<int64_t>(random()) >> below(60));
  }
  return state;
}

v1::UserState Parsed(const std::string& bytes) {
  v1::UserState message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  return message;
}

TEST(UserStateCodec, GivesBackWhatWasEncodedAsProtobufReadsIt) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    const UserState state = RandomState(random);
    std::string bytes;
    ASSERT_TRUE(EncodeUserState(state, bytes));
    UserState decoded;
    ASSERT_TRUE(DecodeUserState(bytes, decoded));
    EXPECT_EQ(decoded, state);
    const v1::UserState message = Parsed(bytes);
    ASSERT_EQ(message.history_size(), static_cast<int>(decoded.history.size()));
    for (int i = 0; i < message.history_size(); ++i) {
      const Interaction& entry = decoded.history[static_cast<size_t>(i)];
      EXPECT_EQ(message.history(i).item_id(), entry.item_id);
      EXPECT_EQ(message.history(i).time_ms(), entry.time_ms);
      EXPECT_EQ(message.history(i).value(), entry.value);
    }
    ASSERT_EQ(message.shown_size(), static_cast<int>(decoded.shown.size()));
    for (int i = 0; i < message.shown_size(); ++i) {
      const Showings& shown = decoded.shown[static_cast<size_t>(i)];
      EXPECT_EQ(message.shown(i).item_id(), shown.item_id);
      EXPECT_EQ(std::vector<int64_t>(message.shown(i).times_ms().begin(),
                                     message.shown(i).times_ms().end()),
                shown.times_ms);
    }
  }
}

TEST(UserStateCodec, RefusesWhatProtobufRefusesWhereverItIsCutOff) {
  std::mt19937_64 random(2);
  const UserState state = RandomState(random);
  std::string bytes;
  ASSERT_TRUE(EncodeUserState(state, bytes));
  for (size_t length = 0; length < bytes.size(); ++length) {
    const std::string cut = bytes.substr(0, length);
    UserState decoded;
    EXPECT_EQ(DecodeUserState(cut, decoded), v1::UserState().ParseFromString(cut)) << length;
  }
}

TEST(UserStateCodec, SkipsFieldsOfALaterVersion) {
  // Field 15 of the state: the varint 7. Field 9 of an interaction: the text "x".
  std::string bytes = {0x78, 7};
  bytes += std::string({0x1A, 6, 0x0A, 1, 'i', 0x4A, 1, 'x'});
  UserState decoded;
  ASSERT_TRUE(DecodeUserState(bytes, decoded));
  ASSERT_EQ(decoded.history.size(), 1u);
  EXPECT_EQ(decoded.history[0].item_id, "i");
}

TEST(UserStateCodec, RefusesAnItemThatWasNeverShown) {
  v1::UserState message;
  message.add_shown()->set_item_id("a");
  UserState decoded;
  EXPECT_FALSE(DecodeUserState(message.SerializeAsString(), decoded));
}

TEST(UserStateCodec, RefusesTextThatIsNotUtf8) {
  std::string bytes;
  EXPECT_FALSE(EncodeUserState({.user_id = "\xFF", .attributes = {}, .history = {}}, bytes));
  UserState decoded;
  EXPECT_FALSE(DecodeUserState({"\x0A\x01\xFF", 3}, decoded));
}

}  // namespace
}  // namespace shortlist
