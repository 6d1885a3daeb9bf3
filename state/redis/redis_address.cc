#include "state/redis/redis_address.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

constexpr char kDefaultPrefix[] = "shortlist";
constexpr size_t kMostPrefixBytes = 64;

bool IsOfPrefix(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
}

}  // namespace

absl::StatusOr<RedisAddress> ParseRedisAddress(const std::string& where) {
  const auto error = [&](const char* what) {
    return absl::InvalidArgumentError(
        absl::StrCat("redis:", where, ": ", what, "; it is redis://HOST:PORT[/PREFIX]"));
  };
  if (!where.starts_with("//")) return error("has no // after redis:");
  const size_t slash = where.find('/', 2);
  const std::string host_and_port = where.substr(2, slash == std::string::npos ? slash : slash - 2);
  const size_t colon = host_and_port.rfind(':');
  if (colon == std::string::npos) return error("has no port");
  RedisAddress address;
  address.host = host_and_port.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty()) return error("has no host");
  if (address.host.find('@') != std::string::npos) return error("passwords are not supported");
  if (!absl::SimpleAtoi(host_and_port.substr(colon + 1), &address.port) || address.port < 1 ||
      address.port > 65'535)
    return error("the port is not a number from 1 to 65535");
  address.prefix = slash == std::string::npos ? kDefaultPrefix : where.substr(slash + 1);
  if (address.prefix.empty() || address.prefix.size() > kMostPrefixBytes ||
      !std::ranges::all_of(address.prefix, IsOfPrefix))
    return error("the prefix is not 1 to 64 letters, digits or ._-");
  return address;
}

}  // namespace shortlist
