#include "features/kinds/crosses.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

// One-hot over pairs: cell = value of the request x values of the item's field + value of the item.
class Cross : public FeatureComputer {
 public:
  explicit Cross(const FeatureInputs& inputs) : catalog_(*inputs.catalog) {}

  void Begin(std::span<const FeatureSlot> slots, FeatureRequest& request,
             FeatureColumns& /*columns*/) const override {
    for (const FeatureSlot& slot : slots) {
      const AttributeSchema::Field& item = *slot.item;
      const AttributeSchema::Field& other = OtherOf(slot);
      const std::vector<uint32_t>& codes =
          slot.user != nullptr ? request.user->attribute_codes : request.context->attribute_codes;
      for (uint32_t code : CodesOfField(codes, other))
        request.cross_rows.push_back({.feature = slot.position,
                                      .first_cell = (code - other.first_code) * item.values.size(),
                                      .first_code = item.first_code,
                                      .count = item.values.size()});
    }
  }

  void AddValues(const FeatureSlot& slot, const FeatureRequest& request, const Candidate& candidate,
                 size_t /*position*/, std::vector<FeatureValue>& values) const override {
    for (const CrossRow& row : request.cross_rows) {
      if (row.feature != slot.position) continue;
      for (uint32_t code : CodesOfField(catalog_.codes(candidate.item), *slot.item))
        values.push_back({slot.IndexOfCell(row.first_cell + code - row.first_code), 1});
    }
  }

  std::string Describe(const FeatureSlot& slot, const FeatureRequest& request,
                       const Candidate& candidate, size_t /*position*/) const override {
    const AttributeSchema::Field& other = OtherOf(slot);
    std::vector<std::string> names;
    for (const CrossRow& row : request.cross_rows) {
      if (row.feature != slot.position) continue;
      const uint32_t value = row.first_cell / slot.item->values.size();
      for (uint32_t code : CodesOfField(catalog_.codes(candidate.item), *slot.item))
        names.push_back(absl::StrCat(AbslView(other.values[value]), " x ",
                                     AbslView(slot.item->values[code - slot.item->first_code])));
    }
    return absl::StrJoin(names, ", ");
  }

 private:
  static const AttributeSchema::Field& OtherOf(const FeatureSlot& slot) {
    return slot.user != nullptr ? *slot.user : *slot.context;
  }

  const Catalog& catalog_;
};

std::unique_ptr<FeatureComputer> Make(const FeatureInputs& inputs) {
  return std::make_unique<Cross>(inputs);
}

}  // namespace

const FeatureKindInfo kUserXItemKind{.kind = FeatureKind::kUserXItem,
                                     .group = "user x item",
                                     .shape = FeatureShape::kCross,
                                     .make = Make,
                                     .is_cross = true,
                                     .item_attribute = true,
                                     .user_attribute = true};
const FeatureKindInfo kContextXItemKind{.kind = FeatureKind::kContextXItem,
                                        .group = "context x item",
                                        .shape = FeatureShape::kCross,
                                        .make = Make,
                                        .is_cross = true,
                                        .item_attribute = true,
                                        .context_attribute = true};

}  // namespace shortlist
