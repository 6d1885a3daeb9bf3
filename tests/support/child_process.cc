#include "tests/support/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace shortlist {
namespace {

void CheckZero(int error, const std::string& what) {
  if (error == 0) return;
  errno = error;
  std::perror(what.c_str());
  std::abort();
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment) {
  int pipe[2];
  CheckZero(::pipe2(pipe, O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  output_ = pipe[0];
  const std::string errors = folder_ / "stderr";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT,
                                   0600);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const std::string& variable : environment)
    envp.push_back(const_cast<char*>(variable.c_str()));
  for (char** variable = environ; *variable != nullptr; ++variable) envp.push_back(*variable);
  envp.push_back(nullptr);
  CheckZero(::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), envp.data()), argv[0]);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    Signal(SIGKILL);
    Wait();
  }
  ::close(output_);
}

std::string ChildProcess::ReadLine() {
  std::string line;
  char byte;
  while (::read(output_, &byte, 1) == 1 && byte != '\n') line += byte;
  return line;
}

std::string ChildProcess::ReadAll() {
  std::string all;
  char buffer[4096];
  for (ssize_t size; (size = ::read(output_, buffer, sizeof buffer)) > 0;)
    all.append(buffer, static_cast<size_t>(size));
  return all;
}

void ChildProcess::Signal(int signal) const { ::kill(pid_, signal); }

bool ChildProcess::HasEnded() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid_;
}

int ChildProcess::Wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

std::string ChildProcess::errors() const {
  std::ostringstream content;
  content << std::ifstream(folder_ / "stderr").rdbuf();
  return std::move(content).str();
}

}  // namespace shortlist
