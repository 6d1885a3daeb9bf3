// The names of the keys of a state store in Redis. Users are spread over partitions; what is used
// together is of one partition, whose number in braces has Redis Cluster keep its keys together.
//
//   PREFIX{17}:user:NAME   hash of a user: "state" is the recorded part, the rest the log's entries
//   PREFIX{17}:versions    hash of NAME: changes with every entry
//   PREFIX{17}:seeds       hash of NAME: the seed
//   PREFIX{17}:forgotten   hash of NAME: when, in milliseconds since the Unix epoch
//
// Changes of items have one order, and a tag of their own:
//
//   PREFIX{items}:changes  hash of "is:ID" or "hides:ID": the position, a colon and the change
//   PREFIX{items}:order    sorted set of the same fields by position
//   PREFIX{items}:position the last position
//
// NAME is a digest of the user's key, so that what remembers a forgotten user does not hold their
// id.
#pragma once

#include <string>
#include <string_view>

namespace shortlist {

// Of every store, forever: a user's partition follows from it.
inline constexpr int kRedisPartitions = 64;

// Where one user or session is.
struct RedisPlace {
  std::string name;  // 32 hexadecimal digits.
  int partition = 0;
};

// `key`: UserKey or SessionKey (state/state_projection.h).
RedisPlace PlaceOf(std::string_view key);

class RedisKeys {
 public:
  explicit RedisKeys(std::string prefix) : prefix_(std::move(prefix)) {}

  std::string User(const RedisPlace& place) const {
    return Of(place.partition, "user:") + place.name;
  }
  std::string Versions(int partition) const { return Of(partition, "versions"); }
  std::string Seeds(int partition) const { return Of(partition, "seeds"); }
  // Seeds that are being written, and become Seeds when all are there.
  std::string NewSeeds(int partition, std::string_view token) const {
    return Of(partition, "seeds:").append(token);
  }
  std::string Forgotten(int partition) const { return Of(partition, "forgotten"); }
  std::string ItemChanges() const { return prefix_ + "{items}:changes"; }
  std::string ItemOrder() const { return prefix_ + "{items}:order"; }
  std::string ItemPosition() const { return prefix_ + "{items}:position"; }

 private:
  std::string Of(int partition, const char* what) const {
    return prefix_ + "{" + std::to_string(partition) + "}:" + what;
  }

  std::string prefix_;
};

}  // namespace shortlist
