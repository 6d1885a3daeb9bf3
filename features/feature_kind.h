// What a kind of features is: everything about it is in one file of features/kinds/, and it has a
// line in the table there (features/kinds/feature_kind_table.h). Its number and public name are
// those of FeatureKind in proto/shortlist/v1/feature_spec.proto.
//
// A kind has a shape, which says what its values depend on. The extractor computes every shape; the
// ranker scores each but kCandidate without going through the values one by one
// (ranking/logistic_ranker.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "features/attribute_schema.h"
#include "features/candidate.h"
#include "features/encoded_request.h"
#include "features/feature_inputs.h"
#include "features/feature_spec.h"

namespace shortlist {

enum class FeatureShape : uint8_t {
  kItem,      // The item alone, and what is known of items at the time.
  kRequest,   // User and context alone.
  kColumn,    // A number of every candidate, computed for all at once: FeatureColumns::numbers.
  kCategory,  // One of few values of every candidate, likewise: FeatureColumns::categories.
  kByCode,  // A number of every item code, FeatureColumns::by_code: the mean over the item's values
            // of the feature's attribute.
  kCross,   // Pairs of a value of the request and one of the item: FeatureRequest::cross_rows.
  kCandidate,  // Anything else, computed candidate by candidate.
};

// What a kind has computed for one request. A shape has the list that is named after it.
struct FeatureColumns {
  // By candidate. The ranker takes them as they are, so none may be NaN: a kind whose number can be
  // missing is of shape kCandidate.
  std::vector<float> numbers;
  std::vector<uint8_t> categories;  // By candidate: from 1; 0 where the value is missing.
  std::vector<float> by_code;       // By item code.
};

// A cross for one value of the user or the context: cell `first_cell` + i belongs to the item code
// `first_code` + i, for i < count.
struct CrossRow {
  size_t feature;
  uint32_t first_cell;
  uint32_t first_code;
  uint32_t count;
};

// A request with what is computed once for all its candidates. Refers to user, context and
// candidates.
struct FeatureRequest {
  const EncodedUser* user = nullptr;
  const EncodedContext* context = nullptr;
  std::span<const Candidate> candidates;  // In stage one's order.
  std::vector<ItemRow> items;             // Of the candidates.
  std::vector<FeatureColumns> columns;    // By the extractor's kinds.
  std::vector<CrossRow> cross_rows;       // In the order of the features.
};

struct FeatureKindInfo;
class FeatureComputer;

// A feature of a spec with what it needs at hand.
struct FeatureSlot {
  const Feature* feature = nullptr;
  const FeatureKindInfo* kind = nullptr;
  const FeatureComputer* computer = nullptr;
  size_t position = 0;       // Among the features of the spec.
  size_t columns = 0;        // Among the extractor's kinds: of FeatureRequest::columns.
  uint32_t first_index = 0;  // Of its weights.
  const AttributeSchema::Field* item = nullptr;
  const AttributeSchema::Field* user = nullptr;
  const AttributeSchema::Field* context = nullptr;
  uint64_t cells = 1;  // Values, or pairs of values, that have a weight each.

  // The index of a value of a feature that has a weight for each value, or of a pair of values:
  // first_index + cell, unless it is hashed.
  uint32_t IndexOfCell(uint32_t cell) const;
};

// Computes the features of one kind for one set of inputs. Const and thread-safe.
class FeatureComputer {
 public:
  virtual ~FeatureComputer() = default;

  // Fills in what the shape has per request. `slots`: the features of this kind.
  virtual void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& /*request*/,
                     FeatureColumns& /*columns*/) const {}

  // Of kinds that have a number: that of candidates[position] before its transform; NaN: missing.
  // Of shape kItem only the candidate's item is given, of kRequest no candidate.
  virtual float Number(const FeatureSlot& slot, const FeatureRequest& request,
                       const Candidate& candidate, size_t position) const;

  // Of the other kinds: adds an entry for each of their values that the candidate has.
  virtual void AddValues(const FeatureSlot& slot, const FeatureRequest& request,
                         const Candidate& candidate, size_t position,
                         std::vector<FeatureValue>& values) const;

  // A readable account of what the value rests on, e.g. "Star Wars". By default the number.
  virtual std::string Describe(const FeatureSlot& slot, const FeatureRequest& request,
                               const Candidate& candidate, size_t position) const;
};

struct FeatureKindInfo {
  FeatureKind kind;
  const char* group;  // What an ablation leaves out together: "item attributes".
  FeatureShape shape;
  std::unique_ptr<FeatureComputer> (*make)(const FeatureInputs& inputs);
  bool has_number = false;  // A number for a value, as opposed to attribute values.
  bool is_cross = false;    // Of item and request, which a ranker of single features lacks.
  // Which attributes it is about.
  bool item_attribute = false, user_attribute = false, context_attribute = false;
  uint32_t categories = 0;  // Of kCategory: how many there are.
  // What else a feature of the kind needs of the data, or of the inputs; null: nothing. Errors are
  // made by InvalidFeature.
  absl::Status (*check_attributes)(const Feature&, const AttributeSchema& items) = nullptr;
  absl::Status (*check_inputs)(const Feature&, const FeatureInputs&) = nullptr;
};

// The codes among `codes` (ascending) that belong to the field.
std::span<const uint32_t> CodesOfField(std::span<const uint32_t> codes,
                                       const AttributeSchema::Field& field);
// "Comedy, Drama": the values of the field that are among the codes.
std::string NamesOf(std::span<const uint32_t> codes, const AttributeSchema::Field& field);
// The title, or the id of an item that has none; "none" for kNoItem.
std::string NameOf(ItemRow item, const Catalog& catalog);

}  // namespace shortlist
