#include "state/redis/redis_connection.h"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

absl::Status Broken(int error) {
  return absl::UnavailableError(absl::StrCat("the connection broke: ", std::strerror(error)));
}

}  // namespace

void FreeRedisReply::operator()(redisReply* reply) const { freeReplyObject(reply); }

void RedisConnection::FreeContext::operator()(redisContext* context) const { redisFree(context); }

std::string_view TextOf(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_STRING && reply.type != REDIS_REPLY_STATUS &&
      reply.type != REDIS_REPLY_ERROR)
    return {};
  return {reply.str, reply.len};
}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisConnection::Open(const std::string& host,
                                                                       int port,
                                                                       absl::Duration timeout) {
  redisContext* context = redisConnectWithTimeout(host.c_str(), port, absl::ToTimeval(timeout));
  if (context == nullptr) return absl::ResourceExhaustedError("no memory for a connection");
  auto connection = std::unique_ptr<RedisConnection>(new RedisConnection(context));
  if (context->err != 0)
    return absl::UnavailableError(absl::StrCat("cannot connect: ", context->errstr));
  const int on = 1;
  ::setsockopt(context->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(context->fd, F_SETFD, FD_CLOEXEC);
  return connection;
}

bool RedisConnection::IsOpen() const {
  // Nothing is to come while no command is under way, unless the end.
  pollfd socket{.fd = context_->fd, .events = POLLIN, .revents = 0};
  return ::poll(&socket, 1, 0) == 0;
}

absl::StatusOr<std::vector<RedisReply>> RedisConnection::Run(std::span<const RedisCommand> commands,
                                                             absl::Time deadline) {
  std::string bytes;
  for (const RedisCommand& command : commands) {
    std::vector<const char*> arguments;
    std::vector<size_t> sizes;
    for (const std::string& argument : command) {
      arguments.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    char* formatted = nullptr;
    const int size = redisFormatCommandArgv(&formatted, static_cast<int>(command.size()),
                                            arguments.data(), sizes.data());
    if (size < 0) return absl::ResourceExhaustedError("no memory for a command");
    bytes.append(formatted, static_cast<size_t>(size));
    redisFreeCommand(formatted);
  }
  RETURN_IF_ERROR(Send(bytes, deadline));
  std::vector<RedisReply> replies;
  while (replies.size() < commands.size()) {
    ASSIGN_OR_RETURN(RedisReply reply, Receive(deadline));
    replies.push_back(std::move(reply));
  }
  return replies;
}

// hiredis would wait for each piece anew, and would let a broken connection end the process.
absl::Status RedisConnection::Send(std::string_view bytes, absl::Time deadline) {
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(context_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN) {
      RETURN_IF_ERROR(Wait(POLLOUT, deadline));
    } else if (errno != EINTR) {
      return Broken(errno);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<RedisReply> RedisConnection::Receive(absl::Time deadline) {
  std::array<char, 1 << 16> buffer;
  while (true) {
    void* reply = nullptr;
    if (redisReaderGetReply(context_->reader, &reply) != REDIS_OK)
      return absl::UnavailableError(absl::StrCat("answers with what is not the protocol of Redis: ",
                                                 context_->reader->errstr));
    if (reply != nullptr) return RedisReply(static_cast<redisReply*>(reply));
    const ssize_t received = ::recv(context_->fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (received > 0) {
      if (redisReaderFeed(context_->reader, buffer.data(), static_cast<size_t>(received)) !=
          REDIS_OK)
        return absl::ResourceExhaustedError("no memory for a reply");
    } else if (received == 0) {
      return absl::UnavailableError("closed the connection");
    } else if (errno == EAGAIN) {
      RETURN_IF_ERROR(Wait(POLLIN, deadline));
    } else if (errno != EINTR) {
      return Broken(errno);
    }
  }
}

absl::Status RedisConnection::Wait(short events, absl::Time deadline) const {
  while (true) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return absl::DeadlineExceededError("no answer in time");
    pollfd socket{.fd = context_->fd, .events = events, .revents = 0};
    const int64_t ms = absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1)));
    const int ready = ::poll(&socket, 1, static_cast<int>(std::min<int64_t>(ms, 60'000)));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return Broken(errno);
  }
}

}  // namespace shortlist
