#include "benchmarks/trained_vectors.h"

#include <algorithm>
#include <memory>
#include <span>

#include "common/status_macros.h"
#include "data/dataset.h"
#include "data/past_request.h"
#include "data/user_sequences.h"
#include "model/bundle.h"

namespace shortlist {

absl::StatusOr<TrainedVectors> ReadTrainedVectors(const std::filesystem::path& models,
                                                  const std::filesystem::path& dataset_folder,
                                                  size_t user_count) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Bundle> bundle, LoadCurrentBundle(models));
  ASSIGN_OR_RETURN(const Dataset dataset, LoadDataset(dataset_folder, {}));
  ASSIGN_OR_RETURN(const std::vector<UserSequence> sequences, Split(dataset, SplitKind::kPerUser));
  const TwoTower& towers = bundle->towers;
  const std::span<const float> items = towers.item_embeddings();
  TrainedVectors result;
  result.items = {towers.dim(), {items.begin(), items.end()}};
  result.users.dim = towers.dim();
  const size_t step = std::max<size_t>(1, sequences.size() / user_count);
  for (size_t user = 0; user < sequences.size(); user += step) {
    const UserSequence& sequence = sequences[user];
    const UserState state =
        StateOf(dataset, static_cast<uint32_t>(user), sequence.begin, sequence.valid_end);
    const EncodedUser encoded = bundle->encoder->Encode(state);
    if (encoded.history.size() != state.history.size())
      return absl::InvalidArgumentError("the model was trained on other items");
    RequestContext context;
    if (sequence.valid_end < sequence.end) context = ContextOf(dataset, sequence.valid_end);
    const std::vector<float> vector =
        towers.UserVector(encoded, bundle->encoder->Encode(context, state));
    result.users.values.insert(result.users.values.end(), vector.begin(), vector.end());
  }
  return result;
}

}  // namespace shortlist
