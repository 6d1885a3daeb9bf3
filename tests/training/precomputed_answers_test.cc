#include "training/precomputed_answers.h"

#include <gtest/gtest.h>

#include "pipeline/local_pipeline.h"
#include "tests/support/trained_bundle.h"

namespace shortlist {
namespace {

TEST(PrecomputeAnswers, AreThoseOfBothStagesToOneOfWhomOnlyTheSegmentIsKnown) {
  const Bundle& bundle = *TrainedBundle();
  WorkerPool pool(2);
  const PrecomputedListsData data = PrecomputeAnswers(bundle, pool);
  const AttributeSchema::Field& gender = *bundle.requests.users().FindField("gender");
  ASSERT_EQ(data.codes, (std::vector<uint32_t>{gender.first_code, gender.first_code + 1}));
  ASSERT_EQ(data.width, bundle.catalog.item_count());
  const LocalPipeline pipeline;
  for (size_t list = 0; list < 3; ++list) {
    Query query{.count = data.width, .candidate_count = data.width};
    if (list > 0) query.user.attributes = {{"gender", {std::string(gender.values[list - 1])}}};
    BoundQuery bound(query, TrainedBundle());
    const Answer answer = pipeline.Run(bound).value();
    ASSERT_EQ(answer.items.size(), data.width);
    // The circumstances are not known: a time of day that is would make another order.
    for (size_t place = 0; place < data.width; ++place)
      EXPECT_EQ(data.items[list * data.width + place], answer.items[place].item)
          << list << " " << place;
  }
}

TEST(PrecomputeAnswers, ABundleThatIsTrainedHasThem) {
  EXPECT_EQ(TrainedBundle()->precomputed.OfEverybody().size(),
            TrainedBundle()->catalog.item_count());
}

}  // namespace
}  // namespace shortlist
