#include "benchmarks/trained_vectors.h"

#include <algorithm>
#include <memory>
#include <span>

#include "common/status_macros.h"
#include "model/bundle.h"
#include "training/dataset.h"
#include "training/request_builder.h"
#include "training/user_sequences.h"

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
    const PastRequest past =
        RequestBefore(dataset, sequence, static_cast<uint32_t>(user), sequence.valid_end);
    UserState state = past.user;
    // Rows of the data set are rows of the bundle that was trained from it: the same ids.
    for (HistoryEntry& entry : state.history) {
      const auto row = bundle->catalog.FindItem(dataset.items.ids[entry.item]);
      if (!row) return absl::InvalidArgumentError("the model was trained on other items");
      entry.item = *row;
    }
    const std::vector<float> vector = towers.UserVector(state, past.context);
    result.users.values.insert(result.users.values.end(), vector.begin(), vector.end());
  }
  return result;
}

}  // namespace shortlist
