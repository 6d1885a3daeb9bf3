#include "features/kinds/history_length.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

// log(1 + length of the history).
class LogHistoryLength : public FeatureComputer {
 public:
  float Number(const FeatureSlot& /*slot*/, const FeatureRequest& request,
               const Candidate& /*candidate*/, size_t /*position*/) const override {
    return std::log1p(static_cast<float>(request.user->history.size()));
  }
  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& request,
                       const Candidate& /*candidate*/, size_t /*position*/) const override {
    return absl::StrCat(request.user->history.size(), " interactions");
  }
};

std::unique_ptr<FeatureComputer> Make(const FeatureInputs& /*inputs*/) {
  return std::make_unique<LogHistoryLength>();
}

}  // namespace

const FeatureKindInfo kLogHistoryLengthKind{.kind = FeatureKind::kLogHistoryLength,
                                            .group = "history length",
                                            .shape = FeatureShape::kRequest,
                                            .make = Make,
                                            .has_number = true};

}  // namespace shortlist
