#include "serving/local_candidate_stage.h"

#include <string>
#include <vector>

#include "common/status_macros.h"
#include "serving/requests/filter_compiler.h"
#include "serving/requests/request_validation.h"
#include "serving/requests/user_resolver.h"

namespace shortlist {

absl::Status LocalCandidateStage::Generate(const v1::GenerateCandidatesRequest& request,
                                           const StageCall& call,
                                           v1::GenerateCandidatesResponse& response) const {
  const Bundle& bundle = *call.bundle;
  ResolvedRequest own;
  const auto& [_, user, context] = Resolve(request.user(), request.context(), bundle,
                                           call.resolved == nullptr ? own : *call.resolved);
  ASSIGN_OR_RETURN(ItemFilter filter, CompileFilter(request.filter(), bundle));
  std::vector<ItemRow> excluded;
  if (!request.include_seen()) excluded = ItemsOf(user);
  for (const std::string& id : request.exclude_item_ids()) {
    if (std::optional<ItemRow> row = bundle.catalog.FindItem(id)) excluded.push_back(*row);
  }
  filter.Exclude(excluded);

  const int count = request.count() == 0 ? kDefaultCandidateCount : request.count();
  std::vector<ItemRow> pinned;
  for (const std::string& id : request.pinned_item_ids()) {
    if (std::optional<ItemRow> row = bundle.catalog.FindItem(id)) pinned.push_back(*row);
  }
  const std::vector<Candidate> candidates =
      bundle.candidates->Generate(user, context, filter, static_cast<size_t>(count), pinned);

  response.set_bundle_id(bundle.id);
  const int found = static_cast<int>(candidates.size());
  response.mutable_item_rows()->Reserve(found);
  response.mutable_scores()->Reserve(found);
  response.mutable_sources()->Reserve(found);
  for (const Candidate& candidate : candidates) {
    response.add_item_rows(candidate.item);
    response.add_scores(candidate.score);
    response.add_sources(static_cast<v1::SourceId>(candidate.source));
    if (request.include_item_ids())
      response.add_item_ids(std::string(bundle.catalog.id(candidate.item)));
  }
  return absl::OkStatus();
}

}  // namespace shortlist
