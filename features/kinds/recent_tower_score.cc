#include "features/kinds/recent_tower_score.h"

#include <algorithm>

#include "common/vector_kernels.h"

namespace shortlist {
namespace {

constexpr size_t kItems = 5;

// Cosine of the item's embedding with the vector that the user tower has when it is shown the last
// items of the history alone.
class RecentTowerScore : public FeatureComputer {
 public:
  explicit RecentTowerScore(const FeatureInputs& inputs) : inputs_(inputs) {}

  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    const EncodedUser& user = *request.user;
    const size_t length = std::min(user.history.size(), kItems);
    const EncodedUser of_late{
        .user = user.user,
        .attribute_codes = user.attribute_codes,
        .history = {user.history.end() - static_cast<ptrdiff_t>(length), user.history.end()}};
    const std::vector<float> vector = inputs_.user_vector(of_late, *request.context);
    columns.numbers.resize(request.items.size());
    DotProducts(vector.data(), inputs_.item_embeddings.data(), request.items.data(),
                request.items.size(), inputs_.dim, columns.numbers.data());
  }

  // The item of the recent history most like the candidate by embedding.
  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& request,
                       const Candidate& candidate, size_t /*position*/) const override {
    const std::vector<HistoryEntry>& history = request.user->history;
    ItemRow best = kNoItem;
    float best_score = -2;
    for (size_t age = 0; age < std::min(history.size(), kItems); ++age) {
      const ItemRow recent = history[history.size() - 1 - age].item;
      const float score =
          DotProduct(Embedding(recent).data(), Embedding(candidate.item).data(), inputs_.dim);
      if (score > best_score) {
        best_score = score;
        best = recent;
      }
    }
    return NameOf(best, *inputs_.catalog);
  }

 private:
  std::span<const float> Embedding(ItemRow item) const {
    return inputs_.item_embeddings.subspan(item * inputs_.dim, inputs_.dim);
  }

  FeatureInputs inputs_;
};

absl::Status Check(const Feature& feature, const FeatureInputs& inputs) {
  if (inputs.user_vector) return absl::OkStatus();
  return InvalidFeature(feature, "there is no user tower");
}

std::unique_ptr<FeatureComputer> Make(const FeatureInputs& inputs) {
  return std::make_unique<RecentTowerScore>(inputs);
}

}  // namespace

const FeatureKindInfo kRecentTowerScoreKind{.kind = FeatureKind::kRecentTowerScore,
                                            .group = "recent tower score",
                                            .shape = FeatureShape::kColumn,
                                            .make = Make,
                                            .has_number = true,
                                            .is_cross = true,
                                            .check_inputs = Check};

}  // namespace shortlist
