// Where a state store in Redis is, as configurations write it: "redis://HOST:PORT", or
// "redis://HOST:PORT/PREFIX" for one of several in the same Redis.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace shortlist {

struct RedisAddress {
  std::string host;  // A name or an IP address; that of IPv6 without its brackets.
  int port = 0;
  std::string prefix;  // What the names of all keys begin with.
};

// `where`: what follows "redis:". INVALID_ARGUMENT names the part that is wrong. The prefix is of
// letters, digits and "._-", and "shortlist" where none is given.
absl::StatusOr<RedisAddress> ParseRedisAddress(const std::string& where);

}  // namespace shortlist
