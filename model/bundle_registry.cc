#include "model/bundle_registry.h"

#include <utility>

namespace shortlist {

BundleRegistry::BundleRegistry(std::shared_ptr<const Bundle> current)
    : bundles_(std::make_shared<Bundles>(Bundles{std::move(current), nullptr})) {}

std::shared_ptr<const Bundle> BundleRegistry::Current() const { return bundles_.Get()->current; }

std::shared_ptr<const Bundle> BundleRegistry::Previous() const { return bundles_.Get()->previous; }

std::shared_ptr<const Bundle> BundleRegistry::Find(std::string_view bundle_id) const {
  std::shared_ptr<const Bundles> bundles = bundles_.Get();
  if (bundles->current->id == bundle_id) return bundles->current;
  if (bundles->previous && bundles->previous->id == bundle_id) return bundles->previous;
  return nullptr;
}

void BundleRegistry::Replace(std::shared_ptr<const Bundle> next) {
  std::lock_guard lock(changing_);
  bundles_.Set(std::make_shared<Bundles>(Bundles{std::move(next), Current()}));
}

void BundleRegistry::Update(const std::shared_ptr<const Bundle>& changed) {
  std::lock_guard lock(changing_);
  auto bundles = std::make_shared<Bundles>(*bundles_.Get());
  for (std::shared_ptr<const Bundle>* bundle : {&bundles->current, &bundles->previous})
    if (*bundle != nullptr && (*bundle)->id == changed->id) *bundle = changed;
  bundles_.Set(std::move(bundles));
}

}  // namespace shortlist
