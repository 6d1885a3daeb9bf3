#include "state/redis/redis_keys.h"

#include "state/state_projection.h"

namespace shortlist {

RedisPlace PlaceOf(std::string_view key) {
  RedisPlace place;
  // Half of it is enough: no two keys share 128 bits of SHA-256, by chance or by design.
  place.name = TombstoneOf(key).substr(0, 32);
  place.partition = std::stoi(place.name.substr(0, 2), nullptr, 16) % kRedisPartitions;
  return place;
}

}  // namespace shortlist
