// The threads that requests run on. Of their own, where requests wait for other processes, which
// gRPC's few threads must not; or gRPC's, where they compute: then there are as many threads as
// cores, and no request is handed from one to another.
//
//   RequestWorkers workers(8);
//   workers.Run([=] { ... });
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace shortlist {

class RequestWorkers {
 public:
  // With no threads Run runs the task itself.
  explicit RequestWorkers(size_t threads);
  // Runs what is still queued, then stops.
  ~RequestWorkers();
  RequestWorkers(const RequestWorkers&) = delete;
  RequestWorkers& operator=(const RequestWorkers&) = delete;

  // Runs the task on the next free thread, in the order of the calls; without threads before it
  // returns. Thread-safe.
  void Run(std::function<void()> task);

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable task_available_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace shortlist
