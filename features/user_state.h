// What is known of a user and of the circumstances when a request is made, in public ids and names:
// as callers, the state store and data sets say it. It means the same whatever model answers.
// features/request_encoder.h brings it into the terms of one bundle.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace shortlist {

// One attribute and its values: "genre", {"Comedy", "Drama"}. Numbers are decimals: {"1995"}.
struct NamedAttribute {
  std::string name;
  std::vector<std::string> values;

  friend bool operator==(const NamedAttribute&, const NamedAttribute&) = default;
};

// Something the user did to an item.
struct Interaction {
  std::string item_id;
  int64_t time_ms = 0;  // Milliseconds since the Unix epoch; 0: not known.
  float value = 0;      // Strength, such as the rating; 0: not known.

  friend bool operator==(const Interaction&, const Interaction&) = default;
};

// When an item was shown to a user, the last times.
struct Showings {
  std::string item_id;
  std::vector<int64_t> times_ms;  // Since the Unix epoch, ascending.

  friend bool operator==(const Showings&, const Showings&) = default;
};

struct UserState {
  std::string user_id;  // Empty for an anonymous caller.
  std::vector<NamedAttribute> attributes;
  std::vector<Interaction> history;  // Oldest first.
  // Items that the user disliked or hid, and when: they must not come back.
  std::vector<Interaction> refused;
  // What was shown to them lately, the item that was shown last at the end, none twice; empty where
  // that is not remembered.
  std::vector<Showings> shown;
  // Whether the user asked to be forgotten: models that were trained before may still hold their
  // id, which must not be used.
  bool is_forgotten = false;

  friend bool operator==(const UserState&, const UserState&) = default;
};

// The circumstances of a request.
struct RequestContext {
  int64_t time_ms = 0;    // When it is made, in milliseconds since the Unix epoch; 0: not known.
  std::string device;     // E.g. "phone"; empty: not known.
  std::string surface;    // E.g. "home"; empty: not known.
  std::string time_zone;  // "Europe/Berlin" or "+02:00"; empty: the user's attribute, or else UTC.
  // Anything else, by name, none twice. Overrides what follows from the fields above.
  std::vector<std::pair<std::string, std::string>> extra;

  friend bool operator==(const RequestContext&, const RequestContext&) = default;
};

// The bounds of both (proto/shortlist/v1/common.proto), in one place: requests beyond them are
// refused, what is stored is trimmed to them.
inline constexpr size_t kMaxHistory = 100'000;
inline constexpr size_t kMaxRefused = 10'000;
inline constexpr size_t kMaxShownItems = 1'000;
inline constexpr size_t kMaxShowings = 10;  // Of an item.
inline constexpr size_t kMaxAttributes = 64;
inline constexpr size_t kMaxAttributeValues = 256;
inline constexpr size_t kMaxTextBytes = 256;

// Trims a state to these bounds, so that it is what a request may say: to its first attributes, the
// first values of each and the last interactions, refusals and showings. Ids, names and values that
// are too long are left out with what they name, attributes without a name, too; a strength that is
// not finite is not known.
void TrimToBounds(UserState& state);

// Leaves so many, the last ones.
void KeepLast(size_t most, std::vector<Interaction>& interactions);

}  // namespace shortlist
