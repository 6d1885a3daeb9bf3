#include "serving/feature_log/feature_log.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "serving/local_ranking_stage.h"
#include "serving/requests/user_resolver.h"
#include "spdlog/spdlog.h"

namespace shortlist {
namespace {

// Beyond that, requests are left out.
constexpr size_t kMostWaiting = 16;

}  // namespace

void ComputeLoggedFeatures(const Bundle& bundle, v1::FeatureLogEntry& entry) {
  const v1::RankRequest& request = entry.request();
  const EncodedUser user = ResolveUser(request.user(), bundle);
  const EncodedContext context = ResolveContext(request.context(), bundle);
  const std::vector<Candidate> candidates = CandidatesOf(request);
  const FeatureExtractor::Request begun = bundle.extractor->Begin(user, context, candidates);
  std::vector<FeatureValue> values;
  entry.set_spec_fingerprint(bundle.extractor->spec().Fingerprint());
  for (size_t i = 0; i < candidates.size(); ++i) {
    bundle.extractor->Compute(begun, i, values);
    v1::FeatureVector& vector = *entry.add_features();
    for (const FeatureValue& value : values) {
      vector.add_indices(value.index);
      vector.add_values(value.value);
    }
  }
}

absl::StatusOr<std::unique_ptr<FeatureLog>> FeatureLog::Open(const std::string& path,
                                                             int interval) {
  std::unique_ptr<FeatureLog> log(new FeatureLog(path, interval));
  std::error_code error;
  log->size_ = std::filesystem::file_size(path, error);
  if (!log->file_ || error)
    return absl::UnavailableError(absl::StrCat(path, ": cannot be written"));
  log->writer_ = std::thread([log = log.get()] { log->Run(); });
  return log;
}

FeatureLog::FeatureLog(const std::string& path, int interval)
    : path_(path), interval_(static_cast<uint64_t>(interval)) {
  // Entries go to the file in one piece, so that a process that is killed leaves no half of one,
  // after which nothing could be read.
  file_.rdbuf()->pubsetbuf(nullptr, 0);
  file_.open(path, std::ios::binary | std::ios::app);
}

FeatureLog::~FeatureLog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (writer_.joinable()) writer_.join();
}

void FeatureLog::Offer(const v1::RankRequest& request,
                       const std::shared_ptr<const Bundle>& bundle) {
  if (requests_.fetch_add(1, std::memory_order_relaxed) % interval_ != 0) return;
  Sample sample{.entry = {}, .bundle = bundle};
  *sample.entry.mutable_request() = request;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == kMostWaiting) {
      ++left_out_;
      return;
    }
    waiting_.push_back(std::move(sample));
  }
  changed_.notify_one();
}

void FeatureLog::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Sample sample = std::move(waiting_.front());
    waiting_.pop_front();
    const uint64_t left_out = waiting_.empty() ? std::exchange(left_out_, 0) : 0;
    lock.unlock();
    if (left_out > 0) spdlog::warn("{}: {} requests came too fast to be logged", path_, left_out);
    Write(std::move(sample));
    lock.lock();
  }
}

void FeatureLog::Write(Sample sample) {
  v1::FeatureLogEntry& entry = sample.entry;
  ComputeLoggedFeatures(*sample.bundle, entry);
  v1::UserState& user = *entry.mutable_request()->mutable_user();
  if (!user.user_id().empty()) {
    entry.set_history_length(static_cast<uint32_t>(user.history_size()));
    user.clear_history();
    user.clear_attributes();
  }
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::util::SerializeDelimitedToZeroCopyStream(entry, &stream);
  }
  if (file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    size_ += bytes.size();
    return;
  }
  spdlog::error("{}: cannot be written, an entry is lost", path_);
  // A full disk takes a part of an entry, after which nothing could be read.
  file_.clear();
  std::error_code error;
  std::filesystem::resize_file(path_, size_, error);
}

}  // namespace shortlist
