#include "model/version_policy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shortlist {
namespace {

struct Case {
  std::string says;
  VersionState state;
  VersionPlan plan;
};

TEST(VersionPolicy, Table) {
  const std::vector<std::string> five = {"1", "2", "3", "4", "5"};
  const std::vector<Case> cases = {
      {"nothing is to be done where the current version is served",
       {.on_disk = {"1"}, .current = "1", .served = "1"},
       {}},
      {"another current version is loaded",
       {.on_disk = {"1", "2"}, .current = "2", .served = "1"},
       {.load = "2", .remove = {}}},
      {"an earlier one as well",
       {.on_disk = {"1", "2"}, .current = "1", .served = "2"},
       {.load = "1", .remove = {}}},
      {"the first one, where none is served",
       {.on_disk = {"1"}, .current = "1", .served = ""},
       {.load = "1", .remove = {}}},
      {"not one that was refused",
       {.on_disk = {"1", "2"}, .current = "2", .served = "1", .refused = {"2"}},
       {}},
      {"another than what was refused is",
       {.on_disk = {"1", "2", "3"}, .current = "3", .served = "1", .refused = {"2"}},
       {.load = "3", .remove = {}}},
      {"one that is not there is tried, so that there is an error",
       {.on_disk = {"1"}, .current = "2", .served = "1"},
       {.load = "2", .remove = {}}},
      {"all are kept where no number is said",
       {.on_disk = five, .current = "5", .served = "5"},
       {}},
      {"the latest are kept",
       {.on_disk = five, .current = "5", .served = "5", .keep = 2},
       {.load = "", .remove = {"1", "2", "3"}}},
      {"all, where there are no more",
       {.on_disk = five, .current = "5", .served = "5", .keep = 5},
       {}},
      {"the one before the current one is kept, however few are",
       {.on_disk = five, .current = "5", .served = "5", .keep = 1},
       {.load = "", .remove = {"1", "2", "3"}}},
      {"so are the current one and the one before it where these are old",
       {.on_disk = five, .current = "2", .served = "2", .keep = 1},
       {.load = "", .remove = {"3", "4"}}},
      {"so is what is served while another is current",
       {.on_disk = five, .current = "5", .served = "1", .refused = {"5"}, .keep = 1},
       {.load = "", .remove = {"2", "3"}}},
      {"so is what is in use",
       {.on_disk = five, .current = "5", .served = "5", .in_use = {"1", "3"}, .keep = 1},
       {.load = "", .remove = {"2"}}},
      {"what was refused is not",
       {.on_disk = five, .current = "5", .served = "5", .refused = {"2"}, .keep = 1},
       {.load = "", .remove = {"1", "2", "3"}}},
      {"nothing is removed while the current version is not there",
       {.on_disk = five, .current = "6", .served = "5", .keep = 1},
       {.load = "6", .remove = {}}},
  };
  for (const Case& c : cases) {
    const VersionPlan plan = PlanVersions(c.state);
    EXPECT_EQ(plan.load, c.plan.load) << c.says;
    EXPECT_EQ(plan.remove, c.plan.remove) << c.says;
  }
}

}  // namespace
}  // namespace shortlist
