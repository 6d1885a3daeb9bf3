// A models folder as `shortlist train` leaves it, made from the synthetic data set: a published
// bundle and the state of its users.
#pragma once

#include <filesystem>
#include <memory>

#include "data/dataset.h"
#include "model/bundle.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {

class TestModels {
 public:
  // Another seed trains another bundle on the same data; with the second head, or without.
  TestModels(uint64_t seed, bool liked_head, const SyntheticDatasetOptions& data = {});

  const Dataset& dataset() const { return dataset_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path state_db() const { return folder_ / "state.db"; }
  const std::shared_ptr<const Bundle>& bundle() const { return bundle_; }

 private:
  TemporaryFolder folder_;
  Dataset dataset_;
  std::shared_ptr<const Bundle> bundle_;
};

// Trained once a process: treat it as read-only. Has a head for liked items.
const TestModels& SharedTestModels();
// Another bundle for the same items and users, without that head.
const TestModels& OtherTestModels();
// Of the same users and items, which have brought vectors of 6 numbers along.
const TestModels& VectorTestModels();
// Copies the first two into one models folder, in which the shared one's version is current.
void CopyTestModels(const std::filesystem::path& folder);

}  // namespace shortlist
