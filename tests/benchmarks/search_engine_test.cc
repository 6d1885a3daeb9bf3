#include "benchmarks/search_engine.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

// One that can do no more than it must.
class Plain : public SearchEngine {
 public:
  std::string name() const override { return "plain"; }
  std::vector<double> efforts() const override { return {1}; }
  void SetEffort(double) override {}
  void Search(const float*, size_t, uint32_t*) const override {}
  double bytes_per_item() const override { return 0; }
};

TEST(SearchEngine, SaysThatItCannotRestrictUnlessItCan) {
  Plain engine;
  EXPECT_TRUE(engine.Restrict({}));  // To all.
  EXPECT_FALSE(engine.Restrict(std::vector<uint32_t>{1, 2}));
}

}  // namespace
}  // namespace shortlist
