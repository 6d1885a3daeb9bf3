// A Redis of a test's own (Debian's redis-server), in a temporary folder, set up so that it loses
// nothing that it acknowledged.
//
//   RedisServer server;
//   OpenStateStore(server.url(), projection, IfMissing::kCreate);
//   server.Kill();
//   server.Start();
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "state/redis/redis_client.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {

class RedisServer {
 public:
  // Runs, and answers. `settings`: more of redis-server's, {"--maxmemory", "2mb"}.
  explicit RedisServer(std::vector<std::string> settings = {});
  ~RedisServer();

  int port() const { return port_; }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // As when its machine fails: kill -9.
  void Kill();
  // As an operator does.
  void Stop();
  // Again, with the same port and files. Waits until it answers.
  void Start();
  // Has it do nothing, so that its clients wait, until Resume.
  void Pause();
  void Resume();

  // The reply of a command, as lines of text.
  std::vector<std::string> Run(const RedisCommand& command) const;

 private:
  bool TryStart();

  const TemporaryFolder folder_;
  const std::vector<std::string> settings_;
  int port_ = 0;
  std::optional<ChildProcess> process_;
};

}  // namespace shortlist
