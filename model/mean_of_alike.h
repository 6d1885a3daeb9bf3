// The place of an item that came after training: the mean of what was learned of items that share
// its attribute values, rare values weighing more. Nothing of it is trained.
//
// Const and thread-safe; refers to the bundle, which must outlive it.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "model/bundle.h"
#include "model/content_model.h"

namespace shortlist {

class MeanOfAlike : public ContentModel {
 public:
  explicit MeanOfAlike(const Bundle& bundle) : bundle_(bundle) {}

  std::optional<LearnedRows> Of(const EncodedItem& item) const override;

 private:
  // The means over items with an attribute value, and what they weigh: 0 where none has it.
  struct Mean {
    float weight = 0;
    LearnedRows rows;
  };
  const Mean& MeanOf(uint32_t code) const;
  Mean ComputeMean(uint32_t code) const;

  const Bundle& bundle_;
  mutable std::mutex mutex_;
  mutable absl::flat_hash_map<uint32_t, std::unique_ptr<const Mean>> means_;  // By code.
};

}  // namespace shortlist
