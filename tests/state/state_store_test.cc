#include "state/state_store.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

// A kind of store that does no more than it must.
class Plain : public StateStore {
 public:
  absl::StatusOr<bool> Read(std::string_view, absl::Time, UserState&) const override {
    return false;
  }
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry>) override {
    return AppendResult();
  }
  absl::Status ReadAll(const std::function<absl::Status(const v1::LogEntry&)>&) const override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<std::string>> UserIds() const override {
    return std::vector<std::string>();
  }
  absl::Status ReplaceSeeds(const std::function<bool(UserState&)>&) override {
    return absl::OkStatus();
  }
  absl::Status VisitItemChanges(
      int64_t, const std::function<absl::Status(int64_t, const v1::ItemChange&)>&) const override {
    return absl::OkStatus();
  }
  absl::Status Rebuild() override { return absl::OkStatus(); }
  absl::Status Forget(std::string_view) override { return absl::OkStatus(); }
  absl::Status RemoveTombstones(absl::Time) override { return absl::OkStatus(); }
};

TEST(StateStore, NeedNotKeepEventsInOrderAndSaysSo) {
  EXPECT_EQ(
      Plain().VisitLog(0, [](int64_t, const v1::LogEntry&) { return absl::OkStatus(); }).code(),
      absl::StatusCode::kUnimplemented);
}

TEST(StateStore, NeedNotBoundItsLogAndSaysSo) {
  EXPECT_EQ(Plain().SetRetention({}).code(), absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace shortlist
