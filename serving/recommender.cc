#include "serving/recommender.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/requests/filter_compiler.h"
#include "serving/requests/request_validation.h"
#include "serving/requests/user_messages.h"
#include "serving/requests/user_resolver.h"
#include "serving/rpc/request_id.h"

namespace shortlist {
namespace {

// The candidates' lists pass from one stage to the other as they are.
void MoveCandidates(v1::GenerateCandidatesResponse& from, v1::RankRequest& to) {
  to.set_bundle_id(from.bundle_id());
  to.mutable_item_rows()->Swap(from.mutable_item_rows());
  to.mutable_scores()->Swap(from.mutable_scores());
  to.mutable_sources()->Swap(from.mutable_sources());
}

// What another process answers is not trusted to be well-formed.
absl::Status CheckCandidates(const v1::RankRequest& candidates, const Bundle& bundle) {
  const int count = candidates.item_rows_size();
  if (candidates.scores_size() != count || candidates.sources_size() != count)
    return absl::InternalError("the candidates' lists are not equally long");
  for (int i = 0; i < count; ++i) {
    if (candidates.item_rows(i) >= bundle.catalog.item_count())
      return absl::InternalError(
          absl::StrCat("candidate row ", candidates.item_rows(i), " is not in bundle ", bundle.id));
    if (!std::isfinite(candidates.scores(i)) ||
        candidates.sources(i) == v1::CANDIDATE_SOURCE_UNSPECIFIED ||
        !v1::SourceId_IsValid(candidates.sources(i)))
      return absl::InternalError(absl::StrCat("candidate ", i, " has no valid score or source"));
  }
  return absl::OkStatus();
}

absl::Status CheckExplanations(const v1::RankResponse& ranked, int count) {
  for (const v1::Explanation& explanation : ranked.explanations())
    if (explanation.candidate() >= static_cast<uint32_t>(count))
      return absl::InternalError("the ranking explains a candidate that it was not given");
  return absl::OkStatus();
}

using Floats = google::protobuf::RepeatedField<float>;

bool AreFinite(const Floats& scores) {
  return std::all_of(scores.begin(), scores.end(), [](float x) { return std::isfinite(x); });
}

bool AreProbabilities(const Floats& probabilities) {
  return std::all_of(probabilities.begin(), probabilities.end(),
                     [](float x) { return 0 <= x && x <= 1; });
}

absl::Status CheckRanking(const v1::RankResponse& ranked, int count) {
  if (ranked.scores_size() != count || ranked.probabilities_size() != count)
    return absl::InternalError("the ranking does not have one score per candidate");
  if (!AreFinite(ranked.scores()))
    return absl::InternalError("the ranking has a score that is not finite");
  if (!AreProbabilities(ranked.probabilities()))
    return absl::InternalError("the ranking has a probability that is not 0 to 1");
  return CheckExplanations(ranked, count);
}

// Of the head for liked items; none where it was not asked for.
absl::Status CheckLiked(const v1::RankResponse& ranked, int count) {
  if (ranked.liked_scores_size() != count || ranked.liked_probabilities_size() != count)
    return absl::InternalError("the ranking does not have one score of liking per candidate");
  if (!AreFinite(ranked.liked_scores()))
    return absl::InternalError("the ranking has a score of liking that is not finite");
  if (!AreProbabilities(ranked.liked_probabilities()))
    return absl::InternalError("the ranking has a probability of liking that is not 0 to 1");
  return absl::OkStatus();
}

}  // namespace

absl::Status Recommender::Recommend(const v1::RecommendRequest& request, absl::Time deadline,
                                    v1::RecommendResponse& response) const {
  const absl::Time arrival = parts_.clock();
  absl::Time stage_begin = arrival;
  auto stage_us = [&] {
    const absl::Time begin = std::exchange(stage_begin, parts_.clock());
    return absl::ToInt64Microseconds(stage_begin - begin);
  };
  RETURN_IF_ERROR(Validate(request));
  const int count = request.has_count() ? request.count() : kDefaultCount;
  const int candidate_count =
      request.has_candidate_count() ? request.candidate_count() : kDefaultCandidateCount;
  ResolvedRequest resolved;
  StageCall call{.bundle = parts_.bundles->Current(), .deadline = deadline, .resolved = &resolved};
  RETURN_IF_ERROR(CheckDeadline(call, "waiting"));

  // The messages between the stages, with the user's whole history, are in one block of memory.
  google::protobuf::ArenaOptions options;
  options.start_block_size = 32 << 10;
  google::protobuf::Arena arena(options);
  auto& generate = *google::protobuf::Arena::CreateMessage<v1::GenerateCandidatesRequest>(&arena);
  RETURN_IF_ERROR(ReadUser(request, *call.bundle, *generate.mutable_user()));
  response.mutable_timings()->set_state_us(stage_us());
  RETURN_IF_ERROR(CheckDeadline(call, "reading the user's state"));

  *generate.mutable_context() = request.context();
  if (generate.context().time_ms() == 0)
    generate.mutable_context()->set_time_ms(absl::ToUnixMillis(arrival));
  generate.set_count(std::max(count, candidate_count));
  *generate.mutable_filter() = request.filter();
  *generate.mutable_exclude_item_ids() = request.exclude_item_ids();
  generate.set_include_seen(request.include_seen());
  const ReRanking rules(*parts_.re_ranking, request.re_ranking());
  rules.AddPinnedItems(generate);
  auto& generated = *google::protobuf::Arena::CreateMessage<v1::GenerateCandidatesResponse>(&arena);
  RETURN_IF_ERROR(parts_.candidates->Generate(generate, call, generated));
  if (generated.bundle_id() != call.bundle->id) {
    // Another process, which may be ahead of or behind this one: the request is served from the
    // bundle that it chose.
    call.bundle = parts_.bundles->Find(generated.bundle_id());
    if (call.bundle == nullptr)
      return absl::FailedPreconditionError(absl::StrCat(
          "the candidates are from bundle ", generated.bundle_id(), ", which is not loaded here"));
  }
  RETURN_IF_ERROR(rules.CheckHeads(*call.bundle));
  response.mutable_timings()->set_candidates_us(stage_us());
  RETURN_IF_ERROR(CheckDeadline(call, "generating candidates"));

  auto& rank = *google::protobuf::Arena::CreateMessage<v1::RankRequest>(&arena);
  rank.mutable_user()->Swap(generate.mutable_user());
  rank.mutable_context()->Swap(generate.mutable_context());
  MoveCandidates(generated, rank);
  RETURN_IF_ERROR(CheckCandidates(rank, *call.bundle));
  rank.set_score_liked(rules.UsesLiked());
  if (request.explain() && rules.empty() && !rules.UsesLiked()) rank.set_explain_count(count);
  auto& ranked = *google::protobuf::Arena::CreateMessage<v1::RankResponse>(&arena);
  if (rank.item_rows_size() > 0) RETURN_IF_ERROR(parts_.ranking->Rank(rank, call, ranked));
  RETURN_IF_ERROR(CheckRanking(ranked, rank.item_rows_size()));
  if (rules.UsesLiked()) RETURN_IF_ERROR(CheckLiked(ranked, rank.item_rows_size()));
  response.mutable_timings()->set_ranking_us(stage_us());
  RETURN_IF_ERROR(CheckDeadline(call, "ranking"));

  ASSIGN_OR_RETURN(
      const std::vector<ShownCandidate> shown,
      Arrange(rules, request.explain(), static_cast<size_t>(count), call, rank, ranked));
  if (!rules.empty())
    response.mutable_timings()->set_re_ranking_us(
        absl::ToInt64Microseconds(parts_.clock() - stage_begin));
  const Catalog& catalog = call.bundle->catalog;
  std::vector<v1::Explanation*> explanations(static_cast<size_t>(rank.item_rows_size()), nullptr);
  for (v1::Explanation& explanation : *ranked.mutable_explanations())
    explanations[explanation.candidate()] = &explanation;
  std::vector<ItemRow> shown_rows;
  for (const ShownCandidate& placed : shown)
    shown_rows.push_back(rank.item_rows(static_cast<int>(placed.candidate)));
  catalog.PrefetchTexts(shown_rows);
  for (const ShownCandidate& placed : shown) {
    const int candidate = static_cast<int>(placed.candidate);
    const ItemRow row = rank.item_rows(candidate);
    v1::RecommendedItem& item = *response.add_items();
    item.set_item_id(std::string(catalog.id(row)));
    item.set_title(std::string(catalog.title(row)));
    item.set_score(ranked.scores(candidate));
    item.set_probability(ranked.probabilities(candidate));
    item.set_source(static_cast<v1::SourceId>(rank.sources(candidate)));
    if (rules.UsesLiked()) {
      item.set_liked_score(ranked.liked_scores(candidate));
      item.set_liked_probability(ranked.liked_probabilities(candidate));
    }
    if (v1::Explanation* explanation = explanations[placed.candidate]) {
      *item.mutable_contributions() = std::move(*explanation->mutable_contributions());
      *item.mutable_liked_contributions() = std::move(*explanation->mutable_liked_contributions());
    }
    if (rules.empty()) continue;
    item.set_place_by_score(static_cast<int32_t>(placed.place_by_score) + 1);
    item.mutable_moved_by()->Assign(placed.moved_by.begin(), placed.moved_by.end());
  }
  response.set_request_id(NewRequestId());
  response.set_bundle_id(call.bundle->id);
  response.set_rung(v1::RUNG_FULL);
  response.set_candidates_ranked(rank.item_rows_size());
  response.mutable_timings()->set_assembly_us(stage_us());
  response.mutable_timings()->set_total_us(absl::ToInt64Microseconds(stage_begin - arrival));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ShownCandidate>> Recommender::Arrange(const ReRanking& rules,
                                                                 bool explain, size_t count,
                                                                 const StageCall& call,
                                                                 v1::RankRequest& rank,
                                                                 v1::RankResponse& ranked) const {
  ASSIGN_OR_RETURN(std::vector<ShownCandidate> shown,
                   rules.Order(rank, ranked, call.bundle, count));
  if (!explain || shown.empty() || rank.explain_count() > 0) return shown;
  // Which candidates are to be explained is known only now.
  for (const ShownCandidate& item : shown) {
    rank.add_explain_candidates(static_cast<uint32_t>(item.candidate));
    rank.add_explain_scores(ranked.scores(static_cast<int>(item.candidate)));
    if (rules.UsesLiked())
      rank.add_explain_liked_scores(ranked.liked_scores(static_cast<int>(item.candidate)));
  }
  auto& explained = *google::protobuf::Arena::CreateMessage<v1::RankResponse>(ranked.GetArena());
  RETURN_IF_ERROR(parts_.ranking->Rank(rank, call, explained));
  RETURN_IF_ERROR(CheckExplanations(explained, rank.item_rows_size()));
  ranked.mutable_explanations()->Swap(explained.mutable_explanations());
  return shown;
}

absl::Status Recommender::ReadUser(const v1::RecommendRequest& request, const Bundle& bundle,
                                   v1::UserState& user) const {
  if (request.has_anonymous()) return StateOfAnonymous(request.anonymous(), bundle, user);
  UserState state;
  ASSIGN_OR_RETURN(const bool known, parts_.states->Read(request.user_id(), state));
  ToMessage(state, user);
  if (!known) user.set_user_id(request.user_id());
  TrimToBounds(user);
  return absl::OkStatus();
}

absl::Status Recommender::CheckDeadline(const StageCall& call, const char* after) const {
  if (parts_.clock() < call.deadline) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat("the deadline passed after ", after));
}

absl::Status Recommender::SimilarItems(const v1::SimilarItemsRequest& request,
                                       v1::SimilarItemsResponse& response) const {
  RETURN_IF_ERROR(Validate(request));
  const std::shared_ptr<const Bundle> bundle = parts_.bundles->Current();
  const std::optional<ItemRow> item = bundle->catalog.FindItem(request.item_id());
  if (!item)
    return absl::NotFoundError(
        absl::StrCat("item_id: the catalog has no item \"", request.item_id(), "\""));
  ASSIGN_OR_RETURN(ItemFilter filter, CompileFilter(request.filter(), *bundle));
  filter.Exclude({&*item, 1});
  const int count = request.has_count() ? request.count() : kDefaultCount;
  for (const ScoredItem& similar : bundle->index->Search(bundle->towers.item_embedding(*item),
                                                         filter, static_cast<size_t>(count))) {
    v1::SimilarItem& out = *response.add_items();
    out.set_item_id(std::string(bundle->catalog.id(similar.item)));
    out.set_similarity(similar.score);
    out.set_title(std::string(bundle->catalog.title(similar.item)));
  }
  response.set_bundle_id(bundle->id);
  return absl::OkStatus();
}

}  // namespace shortlist
