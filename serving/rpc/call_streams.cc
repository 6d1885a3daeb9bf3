#include "serving/rpc/call_streams.h"

#include <vector>

namespace shortlist {

// One stream. Alive until gRPC says that it is done, which is after its Finish.
class CallStreams::Stream : public Reactor {
 public:
  Stream(CallStreams& streams, AnswerOne answer_one)
      : streams_(streams), answer_one_(std::move(answer_one)) {
    StartRead(&request_);  // Once gRPC has the stream.
  }

  // Ends the stream as soon as nothing of it is being answered. May be called at any time.
  void End() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
      if (state_ != State::kReading) return;
      state_ = State::kFinished;
    }
    Finish(Stopping());
  }

  void OnReadDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      if (state_ == State::kFinished) return;
      state_ = ok ? State::kAnswering : State::kFinished;
    }
    if (!ok) return Finish(grpc::Status::OK);  // The client has sent all that it has, or has gone.
    answer_one_(&request_, &response_, [this](const grpc::Status& status) {
      if (status.ok())
        StartWrite(&response_);
      else
        FinishAnswering(status);
    });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return FinishAnswering(grpc::Status::CANCELLED);  // The client has gone.
    bool ending = false;
    {
      const std::lock_guard lock(mutex_);
      ending = ending_;
      state_ = ending ? State::kFinished : State::kReading;
    }
    if (ending) return Finish(Stopping());
    request_.Clear();
    response_.Clear();
    StartRead(&request_);
  }

  void OnDone() override { streams_.Close(this); }

 private:
  enum class State { kReading, kAnswering, kFinished };

  static grpc::Status Stopping() {
    return {grpc::StatusCode::UNAVAILABLE, "the server is stopping"};
  }

  void FinishAnswering(const grpc::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kFinished;
    }
    Finish(status);
  }

  CallStreams& streams_;
  const AnswerOne answer_one_;
  grpc::ByteBuffer request_, response_;
  std::mutex mutex_;  // Guards what follows.
  State state_ = State::kReading;
  bool ending_ = false;
};

CallStreams::Reactor* CallStreams::Open(AnswerOne answer_one) {
  const auto stream = std::make_shared<Stream>(*this, std::move(answer_one));
  bool ended = false;
  {
    const std::lock_guard lock(mutex_);
    open_.emplace(stream.get(), stream);
    ended = ended_;
  }
  if (ended) stream->End();
  return stream.get();
}

void CallStreams::Close(Stream* stream) {
  std::shared_ptr<Stream> closed;  // Goes after the lock does.
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(stream);
  closed = std::move(found->second);
  open_.erase(found);
}

void CallStreams::End() {
  std::vector<std::shared_ptr<Stream>> open;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    for (const auto& [stream, owner] : open_) open.push_back(owner);
  }
  for (const std::shared_ptr<Stream>& stream : open) stream->End();
}

}  // namespace shortlist
