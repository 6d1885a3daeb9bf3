#include "serving/requests/answer_messages.h"

#include <string>
#include <vector>

namespace shortlist {
namespace {

void ToMessage(const AnswerItem& item, const Catalog& catalog, bool re_ranked,
               v1::RecommendedItem& message) {
  message.set_item_id(std::string(catalog.id(item.item)));
  message.set_title(std::string(catalog.title(item.item)));
  message.set_score(item.score);
  message.set_probability(item.probability);
  message.set_source(static_cast<v1::SourceId>(item.source));
  message.set_vector_origin(static_cast<v1::VectorOrigin>(item.vector_origin));
  if (item.liked_score) message.set_liked_score(*item.liked_score);
  if (item.liked_probability) message.set_liked_probability(*item.liked_probability);
  ToMessages(item.explanation.contributions, *message.mutable_contributions());
  ToMessages(item.explanation.liked_contributions, *message.mutable_liked_contributions());
  if (!re_ranked) return;
  message.set_place_by_score(static_cast<int32_t>(item.place_by_score) + 1);
  message.mutable_moved_by()->Assign(item.moved_by.begin(), item.moved_by.end());
}

}  // namespace

void ToMessages(const std::vector<FeatureContribution>& contributions,
                google::protobuf::RepeatedPtrField<v1::Contribution>& messages) {
  for (const FeatureContribution& contribution : contributions) {
    v1::Contribution& message = *messages.Add();
    message.set_feature(contribution.feature);
    message.set_value(contribution.value);
    message.set_contribution(contribution.contribution);
  }
}

void ToMessage(const Answer& answer, v1::RecommendResponse& message) {
  const Catalog& catalog = answer.bundle->catalog;
  std::vector<ItemRow> rows;
  rows.reserve(answer.items.size());
  for (const AnswerItem& item : answer.items) rows.push_back(item.item);
  catalog.PrefetchTexts(rows);
  message.mutable_items()->Reserve(static_cast<int>(answer.items.size()));
  for (const AnswerItem& item : answer.items)
    ToMessage(item, catalog, answer.re_ranked, *message.add_items());
  message.set_bundle_id(answer.bundle->id);
  message.set_rung(static_cast<v1::Rung>(answer.rung));
  message.set_level(static_cast<v1::ColdStartLevel>(answer.level));
  message.mutable_unknown_item_ids()->Assign(answer.unknown_item_ids.begin(),
                                             answer.unknown_item_ids.end());
  message.set_candidates_ranked(static_cast<int32_t>(answer.candidates_ranked));
  v1::StageTimings& timings = *message.mutable_timings();
  timings.set_candidates_us(absl::ToInt64Microseconds(answer.candidates_time));
  timings.set_ranking_us(absl::ToInt64Microseconds(answer.ranking_time));
  timings.set_re_ranking_us(absl::ToInt64Microseconds(answer.re_ranking_time));
}

void ToMessage(const CandidateList& similar, v1::SimilarItemsResponse& message) {
  const Catalog& catalog = similar.bundle->catalog;
  for (const Candidate& candidate : similar.candidates) {
    v1::SimilarItem& item = *message.add_items();
    item.set_item_id(std::string(catalog.id(candidate.item)));
    item.set_similarity(candidate.score);
    item.set_title(std::string(catalog.title(candidate.item)));
    item.set_vector_origin(static_cast<v1::VectorOrigin>(catalog.vector_origin(candidate.item)));
  }
  message.set_bundle_id(similar.bundle->id);
}

}  // namespace shortlist
