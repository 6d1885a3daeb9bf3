#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "absl/time/clock.h"

namespace shortlist {
namespace {

constexpr char kProgram[] = "/usr/bin/redis-server";
constexpr absl::Duration kPatience = absl::Seconds(60);

// One that was free a moment ago: Redis cannot choose one itself.
int FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("a free port");
    std::abort();
  }
  ::close(socket);
  return ntohs(address.sin_port);
}

void AppendLines(const redisReply& reply, std::vector<std::string>& lines) {
  if (reply.type == REDIS_REPLY_ARRAY) {
    for (size_t i = 0; i < reply.elements; ++i) AppendLines(*reply.element[i], lines);
  } else {
    lines.push_back(reply.type == REDIS_REPLY_INTEGER ? std::to_string(reply.integer)
                                                      : std::string(TextOf(reply)));
  }
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> settings) : settings_(std::move(settings)) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    port_ = FreePort();
    if (TryStart()) return;
  }
  std::fprintf(stderr, "%s does not start\n", kProgram);
  std::abort();
}

RedisServer::~RedisServer() {
  if (process_) Kill();
}

void RedisServer::Kill() {
  process_->Signal(SIGKILL);
  process_->Wait();
  process_.reset();
}

void RedisServer::Stop() {
  process_->Signal(SIGTERM);
  process_->Wait();
  process_.reset();
}

void RedisServer::Start() {
  if (TryStart()) return;
  std::fprintf(stderr, "%s does not start again\n", kProgram);
  std::abort();
}

void RedisServer::Pause() { process_->Signal(SIGSTOP); }

void RedisServer::Resume() { process_->Signal(SIGCONT); }

std::vector<std::string> RedisServer::Run(const RedisCommand& command) const {
  std::vector<std::string> lines;
  const auto connection = RedisConnection::Open("127.0.0.1", port_, kPatience);
  if (!connection.ok()) return lines;
  const auto replies = (*connection)->Run({{command}}, absl::Now() + kPatience);
  if (replies.ok()) AppendLines(*replies->front(), lines);
  return lines;
}

bool RedisServer::TryStart() {
  std::vector<std::string> arguments{kProgram,       "--port",    std::to_string(port_),
                                     "--bind",       "127.0.0.1", "--dir",
                                     folder_.path(), "--logfile", folder_ / "log",
                                     "--appendonly", "yes",       "--appendfsync",
                                     "always",       "--save",    ""};
  arguments.insert(arguments.end(), settings_.begin(), settings_.end());
  process_.emplace(arguments);
  for (const absl::Time end = absl::Now() + kPatience; absl::Now() < end;) {
    // Not another's that was faster. While it loads its files it answers with an error.
    if (Run({"CONFIG", "GET", "dir"}) == std::vector<std::string>{"dir", folder_.path()} &&
        Run({"PING"}) == std::vector<std::string>{"PONG"})
      return true;
    if (process_->HasEnded()) break;
    absl::SleepFor(absl::Milliseconds(2));
  }
  process_.reset();
  return false;
}

}  // namespace shortlist
