#include "state/redis/redis_settings.h"

#include <hiredis/hiredis.h>

#include <map>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr absl::Duration kSettingsTimeout = absl::Seconds(2);
constexpr int kOldestVersion = 7;

// The value of a line "NAME:value" of INFO; empty when there is none.
std::string_view InfoOf(std::string_view info, std::string_view name) {
  const std::string start = absl::StrCat("\n", AbslView(name), ":");
  const size_t found = info.find(start);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = info.substr(found + start.size());
  return rest.substr(0, rest.find_first_of("\r\n"));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> FindRisks(RedisClient& client) {
  ASSIGN_OR_RETURN(const std::vector<RedisReply> info,
                   client.Run({{{"INFO", "server"}}}, kSettingsTimeout));
  const std::string_view version = InfoOf(TextOf(*info[0]), "redis_version");
  int major = 0;
  if (!absl::SimpleAtoi(AbslView(version.substr(0, version.find('.'))), &major) ||
      major < kOldestVersion)
    return client.Error(absl::FailedPreconditionError(absl::StrCat(
        "is version ", AbslView(version), ", this program needs ", kOldestVersion, ".0 or later")));
  if (InfoOf(TextOf(*info[0]), "redis_mode") == "cluster")
    return client.Error(
        absl::FailedPreconditionError("is part of a cluster, which this program does not support"));

  const absl::StatusOr<std::vector<RedisReply>> config =
      client.Run({{{"CONFIG", "GET", "appendonly", "appendfsync", "no-appendfsync-on-rewrite",
                    "maxmemory-policy"}}},
                 kSettingsTimeout);
  if (absl::IsUnavailable(config.status())) return config.status();
  if (!config.ok())
    return std::vector<std::string>{absl::StrCat("does not tell its settings (",
                                                 config.status().message(),
                                                 "), so that it is not known what it may lose")};
  std::map<std::string_view, std::string_view> settings;
  const redisReply& pairs = *config->front();
  for (size_t i = 0; i + 1 < pairs.elements; i += 2)
    settings[TextOf(*pairs.element[i])] = TextOf(*pairs.element[i + 1]);
  std::vector<std::string> risks;
  if (settings["appendonly"] != "yes") {
    risks.emplace_back(
        "appendonly is not \"yes\": when Redis stops without saving, all since its last snapshot "
        "is lost");
  } else if (settings["appendfsync"] != "always") {
    risks.push_back(
        absl::StrCat("appendfsync is \"", AbslView(settings["appendfsync"]),
                     "\" and not \"always\": when the machine stops, ",
                     settings["appendfsync"] == "everysec" ? "up to two seconds of" : "the latest",
                     " acknowledged events are lost"));
  } else if (settings["no-appendfsync-on-rewrite"] == "yes") {
    risks.emplace_back(
        "no-appendfsync-on-rewrite is \"yes\": when the machine stops while Redis rewrites its "
        "files, all acknowledged events since it began are lost");
  }
  if (settings["maxmemory-policy"].starts_with("allkeys-"))
    risks.push_back(
        absl::StrCat("maxmemory-policy is \"", AbslView(settings["maxmemory-policy"]),
                     "\" and not \"noeviction\": when its memory is full, users are lost"));
  return risks;
}

}  // namespace shortlist
