#include "common/snapshot.h"

#include <gtest/gtest.h>

#include <memory>

namespace shortlist {
namespace {

TEST(Snapshot, AReaderKeepsTheVersionThatItTook) {
  Snapshot<int> snapshot;
  EXPECT_EQ(snapshot.Get(), nullptr);
  snapshot.Set(std::make_shared<const int>(1));
  const std::shared_ptr<const int> taken = snapshot.Get();
  const std::weak_ptr<const int> first = taken;
  snapshot.Set(std::make_shared<const int>(2));
  EXPECT_EQ(*taken, 1);
  EXPECT_EQ(*snapshot.Get(), 2);
  EXPECT_EQ(first.use_count(), 1);  // The snapshot itself has let go of it.
}

}  // namespace
}  // namespace shortlist
