#include "common/field_path.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(FieldPath, SaysWhereAFieldIs) {
  const FieldPath filter{nullptr, "filter"};
  const FieldPath condition{&filter, "all_of", 3};
  EXPECT_EQ(FieldPath({&condition, "attribute"}).ToString(), "filter.all_of[3].attribute");
  EXPECT_EQ(FieldPath({nullptr, "count"}).ToString(), "count");
  EXPECT_EQ(Invalid(condition, "is empty"),
            absl::InvalidArgumentError("filter.all_of[3]: is empty"));
}

}  // namespace
}  // namespace shortlist
