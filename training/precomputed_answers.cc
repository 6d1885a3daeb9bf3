#include "training/precomputed_answers.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/status_macros.h"
#include "pipeline/local_pipeline.h"

namespace shortlist {

PrecomputedListsData PrecomputeAnswers(const Bundle& bundle, WorkerPool& pool) {
  PrecomputedListsData data;
  data.width =
      static_cast<uint32_t>(std::min<size_t>(kPrecomputedItems, bundle.catalog.trained_count()));
  for (const AttributeSchema::Field& field : bundle.requests.users().fields())
    if (field.values.size() <= kMostSegments)
      for (size_t value = 0; value < field.values.size(); ++value)
        data.codes.push_back(field.first_code + static_cast<uint32_t>(value));
  std::sort(data.codes.begin(), data.codes.end());
  data.items.assign((data.codes.size() + 1) * data.width, kNoItem);
  const LocalPipeline pipeline;
  const Query query{.count = data.width, .candidate_count = data.width};
  pool.ForEach(data.codes.size() + 1, [&](size_t list) {
    EncodedUser user;
    if (list > 0) user.attribute_codes = {data.codes[list - 1]};
    BoundQuery bound(query, Borrow(bundle), std::move(user), EncodedContext(), ItemFilter());
    const Answer answer = pipeline.Run(bound).value();
    for (size_t place = 0; place < answer.items.size(); ++place)
      data.items[list * data.width + place] = answer.items[place].item;
  });
  return data;
}

absl::Status AddPrecomputedAnswers(const std::filesystem::path& folder, WorkerPool& pool,
                                   Bundle& bundle) {
  const std::filesystem::path path = folder / kPrecomputedFile;
  RETURN_IF_ERROR(WritePrecomputedLists(PrecomputeAnswers(bundle, pool), path));
  ASSIGN_OR_RETURN(bundle.precomputed,
                   PrecomputedLists::Open(path, bundle.requests.users().code_count(),
                                          bundle.catalog.item_count()));
  return absl::OkStatus();
}

}  // namespace shortlist
