#include "features/kinds/attributes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "common/text/decimal.h"

namespace shortlist {
namespace {

// One-hot or multi-hot.
class ItemAttribute : public FeatureComputer {
 public:
  explicit ItemAttribute(const FeatureInputs& inputs) : catalog_(*inputs.catalog) {}

  void AddValues(const FeatureSlot& slot, const FeatureRequest& /*request*/,
                 const Candidate& candidate, size_t /*position*/,
                 std::vector<FeatureValue>& values) const override {
    for (uint32_t code : CodesOfField(catalog_.codes(candidate.item), *slot.item))
      values.push_back({slot.IndexOfCell(code - slot.item->first_code), 1});
  }
  std::string Describe(const FeatureSlot& slot, const FeatureRequest& /*request*/,
                       const Candidate& candidate, size_t /*position*/) const override {
    return NamesOf(catalog_.codes(candidate.item), *slot.item);
  }

 private:
  const Catalog& catalog_;
};

// The number of a numeric attribute; missing where the item has none.
class ItemNumber : public FeatureComputer {
 public:
  explicit ItemNumber(const FeatureInputs& inputs) : catalog_(*inputs.catalog) {}

  float Number(const FeatureSlot& slot, const FeatureRequest& /*request*/,
               const Candidate& candidate, size_t /*position*/) const override {
    constexpr double kMax = std::numeric_limits<float>::max();
    return static_cast<float>(std::clamp(NumberOf(slot, candidate), -kMax, kMax));
  }
  std::string Describe(const FeatureSlot& slot, const FeatureRequest& /*request*/,
                       const Candidate& candidate, size_t /*position*/) const override {
    const double number = NumberOf(slot, candidate);
    return std::isnan(number) ? "none" : FormatDecimal(number);
  }

 private:
  double NumberOf(const FeatureSlot& slot, const Candidate& candidate) const {
    const auto field = slot.item - catalog_.schema().fields().data();
    return catalog_.numbers(static_cast<uint32_t>(field))[candidate.item];
  }

  const Catalog& catalog_;
};

absl::Status CheckItemNumber(const Feature& feature, const AttributeSchema& items) {
  if (items.FindField(feature.item_attribute)->type == AttributeType::kNumber)
    return absl::OkStatus();
  return InvalidFeature(
      feature, absl::StrCat("the item attribute \"", feature.item_attribute, "\" is not a number"));
}

// One-hot or multi-hot, of the user or of the context.
class RequestAttribute : public FeatureComputer {
 public:
  void AddValues(const FeatureSlot& slot, const FeatureRequest& request,
                 const Candidate& /*candidate*/, size_t /*position*/,
                 std::vector<FeatureValue>& values) const override {
    const AttributeSchema::Field& field = FieldOf(slot);
    for (uint32_t code : CodesOfField(CodesOf(slot, request), field))
      values.push_back({slot.IndexOfCell(code - field.first_code), 1});
  }
  std::string Describe(const FeatureSlot& slot, const FeatureRequest& request,
                       const Candidate& /*candidate*/, size_t /*position*/) const override {
    return NamesOf(CodesOf(slot, request), FieldOf(slot));
  }

 private:
  static const AttributeSchema::Field& FieldOf(const FeatureSlot& slot) {
    return slot.user != nullptr ? *slot.user : *slot.context;
  }
  static std::span<const uint32_t> CodesOf(const FeatureSlot& slot, const FeatureRequest& request) {
    return slot.user != nullptr ? request.user->attribute_codes : request.context->attribute_codes;
  }
};

std::unique_ptr<FeatureComputer> MakeRequestAttribute(const FeatureInputs& /*inputs*/) {
  return std::make_unique<RequestAttribute>();
}

template <class Computer>
std::unique_ptr<FeatureComputer> Make(const FeatureInputs& inputs) {
  return std::make_unique<Computer>(inputs);
}

}  // namespace

const FeatureKindInfo kItemAttributeKind{.kind = FeatureKind::kItemAttribute,
                                         .group = "item attributes",
                                         .shape = FeatureShape::kItem,
                                         .make = Make<ItemAttribute>,
                                         .item_attribute = true};
const FeatureKindInfo kItemNumberKind{.kind = FeatureKind::kItemNumber,
                                      .group = "item attributes",
                                      .shape = FeatureShape::kItem,
                                      .make = Make<ItemNumber>,
                                      .has_number = true,
                                      .item_attribute = true,
                                      .check_attributes = CheckItemNumber};
const FeatureKindInfo kUserAttributeKind{.kind = FeatureKind::kUserAttribute,
                                         .group = "user attributes",
                                         .shape = FeatureShape::kRequest,
                                         .make = MakeRequestAttribute,
                                         .user_attribute = true};
const FeatureKindInfo kContextAttributeKind{.kind = FeatureKind::kContextAttribute,
                                            .group = "context attributes",
                                            .shape = FeatureShape::kRequest,
                                            .make = MakeRequestAttribute,
                                            .context_attribute = true};

}  // namespace shortlist
