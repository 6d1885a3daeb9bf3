#include "serving/requests/stage_messages.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "serving/requests/query_messages.h"
#include "serving/requests/user_messages.h"

namespace shortlist {
namespace {

bool IsSource(int source) {
  return source != v1::CANDIDATE_SOURCE_UNSPECIFIED && v1::SourceId_IsValid(source);
}

bool AreFinite(const google::protobuf::RepeatedField<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
}

std::vector<FeatureContribution> FromMessages(
    const google::protobuf::RepeatedPtrField<v1::Contribution>& messages) {
  std::vector<FeatureContribution> contributions;
  contributions.reserve(static_cast<size_t>(messages.size()));
  for (const v1::Contribution& message : messages)
    contributions.push_back({message.feature(), message.value(), message.contribution()});
  return contributions;
}

// Rows that came after training are this process's own: a message names their items by id.
template <class Message>
uint32_t RowInMessage(ItemRow row, const Catalog& catalog, Message& message) {
  if (row < catalog.trained_count()) return row;
  message.add_added_item_ids(std::string(catalog.id(row)));
  return catalog.trained_count() + static_cast<uint32_t>(message.added_item_ids_size()) - 1;
}

// Whether RowInMessage may have written it.
template <class Message>
bool IsRow(uint32_t row, const Catalog& catalog, const Message& message) {
  return row < catalog.trained_count() ||
         row - catalog.trained_count() < static_cast<uint32_t>(message.added_item_ids_size());
}

// The row that the item has here now; kNoItem where it is not known.
template <class Message>
ItemRow RowHere(uint32_t row, const Catalog& catalog, const Message& message) {
  if (row < catalog.trained_count()) return catalog.Current(row);
  const auto added = static_cast<int>(row - catalog.trained_count());
  return catalog.FindItem(message.added_item_ids(added)).value_or(kNoItem);
}

}  // namespace

void ToMessage(const BoundQuery& query, v1::GenerateCandidatesRequest& message) {
  const Query& asked = query.query();
  ToMessage(asked.user, *message.mutable_user());
  ToMessage(asked.context, *message.mutable_context());
  message.set_count(static_cast<int32_t>(query.CandidatesToRank()));
  if (query.effort.breadth < 1) message.set_search_breadth(query.effort.breadth);
  ToMessage(asked.filter, *message.mutable_filter());
  message.mutable_candidate_item_ids()->Assign(asked.candidate_item_ids.begin(),
                                               asked.candidate_item_ids.end());
  message.mutable_exclude_item_ids()->Assign(asked.excluded_item_ids.begin(),
                                             asked.excluded_item_ids.end());
  message.set_include_seen(asked.include_seen);
  message.mutable_pinned_item_ids()->Assign(query.pinned_item_ids.begin(),
                                            query.pinned_item_ids.end());
  message.set_bundle_id(query.bundle().id);
}

Query FromMessage(const v1::GenerateCandidatesRequest& message) {
  Query query;
  query.user = FromMessage(message.user());
  query.context = FromMessage(message.context());
  query.candidate_count =
      message.count() == 0 ? kDefaultCandidateCount : static_cast<size_t>(message.count());
  query.count = std::min(query.count, query.candidate_count);
  query.filter = FromMessage(message.filter());
  query.candidate_item_ids.assign(message.candidate_item_ids().begin(),
                                  message.candidate_item_ids().end());
  query.excluded_item_ids.assign(message.exclude_item_ids().begin(),
                                 message.exclude_item_ids().end());
  query.include_seen = message.include_seen();
  return query;
}

void ToMessage(const SimilarItemsQuery& query, const Bundle& bundle,
               v1::FindSimilarItemsRequest& message) {
  message.set_item_id(query.item_id);
  message.set_count(static_cast<int32_t>(query.count));
  ToMessage(query.filter, *message.mutable_filter());
  message.set_bundle_id(bundle.id);
  message.set_by(static_cast<v1::Similarity>(query.by));
}

SimilarItemsQuery FromMessage(const v1::FindSimilarItemsRequest& message) {
  SimilarItemsQuery query{.item_id = message.item_id(),
                          .filter = FromMessage(message.filter()),
                          .by = static_cast<Similarity>(message.by())};
  if (message.count() != 0) query.count = static_cast<size_t>(message.count());
  return query;
}

void ToMessage(const CandidateList& list, bool include_item_ids,
               v1::GenerateCandidatesResponse& message) {
  message.set_bundle_id(list.bundle->id);
  message.set_level(static_cast<v1::ColdStartLevel>(list.level));
  const int count = static_cast<int>(list.candidates.size());
  message.mutable_item_rows()->Reserve(count);
  message.mutable_scores()->Reserve(count);
  message.mutable_sources()->Reserve(count);
  for (const Candidate& candidate : list.candidates) {
    message.add_item_rows(RowInMessage(candidate.item, list.bundle->catalog, message));
    message.add_scores(candidate.score);
    message.add_sources(static_cast<v1::SourceId>(candidate.source));
    if (include_item_ids)
      message.add_item_ids(std::string(list.bundle->catalog.id(candidate.item)));
  }
}

absl::StatusOr<CandidateList> FromMessage(const v1::GenerateCandidatesResponse& message,
                                          const BundleRegistry& bundles) {
  CandidateList list{.bundle = bundles.Find(message.bundle_id()), .candidates = {}};
  if (list.bundle == nullptr)
    return absl::FailedPreconditionError(absl::StrCat(
        "the candidates are from bundle ", message.bundle_id(), ", which is not loaded here"));
  const int count = message.item_rows_size();
  if (message.scores_size() != count || message.sources_size() != count)
    return absl::InternalError("the candidates' lists are not equally long");
  if (!v1::ColdStartLevel_IsValid(message.level()))
    return absl::InternalError("the candidates have no valid level");
  list.level = static_cast<ColdStartLevel>(message.level());
  list.candidates.reserve(static_cast<size_t>(count));
  const Catalog& catalog = list.bundle->catalog;
  for (int i = 0; i < count; ++i) {
    if (!IsRow(message.item_rows(i), catalog, message))
      return absl::InternalError(absl::StrCat("candidate row ", message.item_rows(i),
                                              " is not in bundle ", list.bundle->id));
    if (!std::isfinite(message.scores(i)) || !IsSource(message.sources(i)))
      return absl::InternalError(absl::StrCat("candidate ", i, " has no valid score or source"));
    // Its process may know of changes that this one does not know yet, and the other way round.
    const ItemRow row = RowHere(message.item_rows(i), catalog, message);
    if (row == kNoItem || catalog.IsHidden(row)) continue;
    list.candidates.push_back({.item = row,
                               .score = message.scores(i),
                               .source = static_cast<SourceId>(message.sources(i))});
  }
  return list;
}

void ToMessage(const BoundQuery& query, std::span<const Candidate> candidates,
               v1::RankRequest& message) {
  ToMessage(query.query().user, *message.mutable_user());
  ToMessage(query.query().context, *message.mutable_context());
  message.set_bundle_id(query.bundle().id);
  const int count = static_cast<int>(candidates.size());
  message.mutable_item_rows()->Reserve(count);
  message.mutable_scores()->Reserve(count);
  message.mutable_sources()->Reserve(count);
  for (const Candidate& candidate : candidates) {
    message.add_item_rows(RowInMessage(candidate.item, query.bundle().catalog, message));
    message.add_scores(candidate.score);
    message.add_sources(static_cast<v1::SourceId>(candidate.source));
  }
}

void ToMessage(std::span<const CandidateToExplain> wanted, v1::RankRequest& message) {
  for (const CandidateToExplain& candidate : wanted) {
    message.add_explain_candidates(static_cast<uint32_t>(candidate.position));
    message.add_explain_scores(candidate.score);
    if (candidate.liked_score) message.add_explain_liked_scores(*candidate.liked_score);
  }
}

Query FromMessage(const v1::RankRequest& message) {
  Query query;
  query.user = FromMessage(message.user());
  query.context = FromMessage(message.context());
  return query;
}

absl::StatusOr<std::vector<Candidate>> CandidatesOf(const v1::RankRequest& message,
                                                    const Bundle& bundle) {
  std::vector<Candidate> candidates;
  candidates.reserve(static_cast<size_t>(message.item_rows_size()));
  for (int i = 0; i < message.item_rows_size(); ++i) {
    if (!IsRow(message.item_rows(i), bundle.catalog, message))
      return Invalid({nullptr, "item_rows", i},
                     absl::StrCat(message.item_rows(i), " is beyond the bundle's ",
                                  bundle.catalog.trained_count(), " items"));
    const ItemRow row = RowHere(message.item_rows(i), bundle.catalog, message);
    if (row == kNoItem)
      return absl::FailedPreconditionError(absl::StrCat("added_item_ids: an item that candidate ",
                                                        i, " names is not known here yet"));
    candidates.push_back({.item = row,
                          .score = message.scores(i),
                          .source = static_cast<SourceId>(message.sources(i))});
  }
  return candidates;
}

absl::StatusOr<Scores> FromMessage(const v1::RankResponse& message, size_t count, bool liked) {
  if (static_cast<size_t>(message.scores_size()) != count)
    return absl::InternalError("the ranking does not have one score per candidate");
  if (!AreFinite(message.scores()))
    return absl::InternalError("the ranking has a score that is not finite");
  if (static_cast<size_t>(message.liked_scores_size()) != (liked ? count : 0))
    return absl::InternalError("the ranking does not have one score of liking per candidate");
  if (!AreFinite(message.liked_scores()))
    return absl::InternalError("the ranking has a score of liking that is not finite");
  return Scores{.ranker = {message.scores().begin(), message.scores().end()},
                .liked = {message.liked_scores().begin(), message.liked_scores().end()}};
}

absl::StatusOr<std::vector<Explanation>> FromMessage(const v1::RankResponse& message,
                                                     std::span<const CandidateToExplain> wanted) {
  if (static_cast<size_t>(message.explanations_size()) != wanted.size())
    return absl::InternalError("the ranking does not explain every candidate that it was given");
  std::vector<Explanation> explanations;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const v1::Explanation& explained = message.explanations(static_cast<int>(i));
    if (explained.candidate() != wanted[i].position)
      return absl::InternalError("the ranking explains a candidate that it was not given");
    explanations.push_back({.contributions = FromMessages(explained.contributions()),
                            .liked_contributions = FromMessages(explained.liked_contributions())});
  }
  return explanations;
}

}  // namespace shortlist
