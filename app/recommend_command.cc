// shortlist recommend: asks a running service for recommendations and prints them.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "app/batch_recommend.h"
#include "app/client.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "app/text_table.h"
#include "common/status_macros.h"
#include "features/feature_spec_check.h"
#include "shortlist/v1/recommender.grpc.pb.h"

namespace shortlist {
namespace {

constexpr size_t kTitleWidth = 44;
constexpr size_t kReasonWidth = 100;
constexpr size_t kReasonWidthOfTwo = 60;  // Where two heads have theirs.
constexpr size_t kReasons = 3;

struct RecommendFlags {
  std::string server = kDefaultServer;
  std::string user;
  std::string session;
  std::vector<std::string> items;
  int count = 20;
  std::vector<std::string> candidates;
  std::vector<std::string> filter;
  double diversity = -1;  // Negative: as the service is configured.
  double min_probability = -1;
  double liked_worth = -1;
  std::vector<std::string> limits;
  std::vector<std::string> pins;
  std::vector<std::string> boosts;
  std::string page_token;
  bool explain = false;
  bool include_seen = false;
  bool json = false;
  int64_t time_ms = 0;  // 0: now.
  BatchOptions batch;
};

// The rules of the request, none of them set where no flag asks for one.
absl::Status AddRules(const RecommendFlags& flags, v1::RecommendRequest& request) {
  if (flags.diversity >= 0)
    request.mutable_re_ranking()->set_diversity(static_cast<float>(flags.diversity));
  if (flags.min_probability >= 0)
    request.mutable_re_ranking()->set_min_probability(static_cast<float>(flags.min_probability));
  if (flags.liked_worth >= 0)
    request.mutable_re_ranking()->mutable_value_function()->set_liked_worth(
        static_cast<float>(flags.liked_worth));
  for (const std::string& text : flags.limits) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(text, '=');
    v1::AttributeLimit& limit = *request.mutable_re_ranking()->add_limits();
    limit.set_attribute(parts.first);
    int most = 0;
    if (!absl::SimpleAtoi(parts.second, &most))
      return absl::InvalidArgumentError(absl::StrCat("--limit ", text, ": not ATTRIBUTE=COUNT"));
    limit.set_max_items(most);
  }
  for (const std::string& text : flags.pins) {
    const size_t at = text.rfind('@');
    v1::PinnedItem& pinned = *request.mutable_re_ranking()->add_pinned();
    pinned.set_item_id(text.substr(0, at));
    int place = 1;
    if (at != std::string::npos && !absl::SimpleAtoi(text.substr(at + 1), &place))
      return absl::InvalidArgumentError(absl::StrCat("--pin ", text, ": not ITEM@PLACE"));
    pinned.set_place(place);
  }
  for (const std::string& text : flags.boosts) {
    const size_t colon = text.rfind(':');
    v1::Boost& boost = *request.mutable_re_ranking()->add_boosts();
    float log_odds = 0;
    if (colon == std::string::npos || !absl::SimpleAtof(text.substr(colon + 1), &log_odds))
      return absl::InvalidArgumentError(absl::StrCat("--boost ", text, ": not CONDITION:LOG_ODDS"));
    boost.set_name(text);
    ASSIGN_OR_RETURN(*boost.mutable_filter(), ParseFilter({text.substr(0, colon)}));
    boost.set_log_odds(log_odds);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::RecommendRequest> MakeRequest(const RecommendFlags& flags) {
  v1::RecommendRequest request;
  if (!flags.session.empty()) {
    request.set_session_id(flags.session);
  } else if (flags.items.empty()) {
    request.set_user_id(flags.user);
  } else {
    request.mutable_anonymous()->mutable_recent_item_ids()->Assign(flags.items.begin(),
                                                                   flags.items.end());
  }
  request.set_count(flags.count);
  request.mutable_candidate_item_ids()->Assign(flags.candidates.begin(), flags.candidates.end());
  ASSIGN_OR_RETURN(*request.mutable_filter(), ParseFilter(flags.filter));
  request.mutable_context()->set_time_ms(flags.time_ms);
  request.set_page_token(flags.page_token);
  request.set_include_seen(flags.include_seen);
  request.set_explain(flags.explain);
  RETURN_IF_ERROR(AddRules(flags, request));
  return request;
}

// What is to be known of the vector that the item was found by.
const char* NoteOf(v1::VectorOrigin origin) {
  switch (origin) {
    case v1::VECTOR_ORIGIN_FROM_ATTRIBUTES:
      return " (by its content)";
    case v1::VECTOR_ORIGIN_NONE:
      return " (no vector)";
    default:
      return "";
  }
}

const char* SourceName(v1::SourceId source) {
  switch (source) {
    case v1::CANDIDATE_SOURCE_TWO_TOWER:
      return "two-tower";
    case v1::CANDIDATE_SOURCE_SIMILAR_TO_RECENT:
      return "similar";
    case v1::CANDIDATE_SOURCE_POPULAR:
      return "popular";
    case v1::CANDIDATE_SOURCE_PINNED:
      return "pinned";
    case v1::CANDIDATE_SOURCE_GIVEN:
      return "given";
    case v1::CANDIDATE_SOURCE_POPULAR_IN_SEGMENT:
      return "segment";
    case v1::CANDIDATE_SOURCE_TRENDING:
      return "trending";
    case v1::CANDIDATE_SOURCE_NEWEST:
      return "newest";
    default:
      return "unknown";
  }
}

// A contribution in words, by the names that features have in DefaultFeatureSpec; empty for one
// that says nothing about the item.
std::string Reason(const v1::Contribution& contribution) {
  absl::string_view feature = contribution.feature();
  const std::string& value = contribution.value();
  if (feature == "bias" || feature == "log_history_length" || feature == "source" ||
      feature == "log_rank" || value == "none")
    return "";
  if (feature == "history_regression" || feature == "co_occurrence")
    return absl::StrCat("goes with ", value);
  if (feature == "next_regression") return absl::StrCat("often after ", value);
  if (feature == "recent_tower_score") return absl::StrCat("similar to ", value);
  if (feature == "tower_score") return "near your taste";
  if (feature == "log_popularity") return absl::StrCat("popular: ", value);
  if (feature == "like_rate") return std::string(value);
  if (absl::ConsumePrefix(&feature, "history:")) return absl::StrCat("your ", feature, ": ", value);
  if (absl::StartsWith(feature, "user:") || absl::StartsWith(feature, "context:")) return value;
  absl::ConsumePrefix(&feature, "item:");
  return absl::StrCat(feature, ": ", value);
}

// "from 7: diversity"; empty for an item that no rule moved.
std::string Move(const v1::RecommendedItem& item, int place) {
  if (item.moved_by().empty()) return "";
  const std::string rules = absl::StrJoin(item.moved_by(), ", ");
  return item.place_by_score() == place ? rules
                                        : absl::StrCat("from ", item.place_by_score(), ": ", rules);
}

// What spoke for the item most, of one head.
std::string Reasons(const google::protobuf::RepeatedPtrField<v1::Contribution>& contributions,
                    size_t width) {
  std::vector<std::string> reasons;
  for (const v1::Contribution& contribution : contributions) {
    if (contribution.contribution() <= 0) continue;
    std::string reason = Reason(contribution);
    if (!reason.empty()) reasons.push_back(std::move(reason));
    if (reasons.size() == kReasons) break;
  }
  return Shorten(absl::StrJoin(reasons, "; "), width);
}

void Print(const v1::RecommendResponse& response, bool explain) {
  std::vector<TextTable::Column> columns = {{"", TextTable::kRight},
                                            {"title", TextTable::kLeft},
                                            {"item", TextTable::kLeft},
                                            {"score", TextTable::kRight},
                                            {"chance", TextTable::kRight}};
  const bool re_ranked =
      std::any_of(response.items().begin(), response.items().end(),
                  [](const v1::RecommendedItem& item) { return item.place_by_score() != 0; });
  const bool by_value =
      std::any_of(response.items().begin(), response.items().end(),
                  [](const v1::RecommendedItem& item) { return item.has_liked_probability(); });
  if (by_value) columns.push_back({"liked", TextTable::kRight});
  columns.push_back({"source", TextTable::kLeft});
  if (re_ranked) columns.push_back({"moved", TextTable::kLeft});
  if (explain) columns.push_back({"because", TextTable::kLeft});
  if (explain && by_value) columns.push_back({"liked because", TextTable::kLeft});
  TextTable table(std::move(columns));
  for (int i = 0; i < response.items_size(); ++i) {
    const v1::RecommendedItem& item = response.items(i);
    std::vector<std::string> row = {absl::StrCat(i + 1), Shorten(item.title(), kTitleWidth),
                                    item.item_id(), absl::StrFormat("%.2f", item.score()),
                                    absl::StrFormat("%.1f%%", 100 * item.probability())};
    if (by_value) row.push_back(absl::StrFormat("%.0f%%", 100 * item.liked_probability()));
    row.push_back(absl::StrCat(SourceName(item.source()), NoteOf(item.vector_origin())));
    if (re_ranked) row.push_back(Move(item, i + 1));
    if (explain)
      row.push_back(Reasons(item.contributions(), by_value ? kReasonWidthOfTwo : kReasonWidth));
    if (explain && by_value) row.push_back(Reasons(item.liked_contributions(), kReasonWidthOfTwo));
    table.AddRow(std::move(row));
  }
  if (response.items().empty()) {
    std::puts("No items are left.");
  } else {
    std::fputs(table.ToString().c_str(), stdout);
  }
  if (response.state_unavailable())
    std::puts("\nThe user's state could not be read: these are the items for someone unknown.");
  if (!response.unknown_item_ids().empty())
    std::printf("Not in the catalog: %s\n",
                absl::StrJoin(response.unknown_item_ids(), ", ").c_str());
  if (!response.next_page_token().empty())
    std::printf("\nMore: --page-token %s\n", response.next_page_token().c_str());
  const v1::StageTimings& timings = response.timings();
  const std::string level(
      absl::StripPrefix(v1::ColdStartLevel_Name(response.level()), "COLD_START_LEVEL_"));
  auto ms = [](int64_t us) { return static_cast<double>(us) / 1000; };
  std::printf(
      "\nbundle %s, %s, %s, %d candidates ranked; %.2f ms: state %.2f, candidates %.2f, ranking "
      "%.2f, assembly %.2f\n",
      response.bundle_id().substr(0, 8).c_str(), v1::Rung_Name(response.rung()).c_str(),
      level.c_str(), response.candidates_ranked(), ms(timings.total_us()), ms(timings.state_us()),
      ms(timings.candidates_us()), ms(timings.ranking_us()), ms(timings.assembly_us()));
}

absl::Status Recommend(const RecommendFlags& flags) {
  ASSIGN_OR_RETURN(const v1::RecommendRequest request, MakeRequest(flags));
  if (!flags.batch.out.empty()) return RecommendToMany(request, flags.batch);
  auto stub = v1::Recommender::NewStub(ConnectToService(flags.server));
  grpc::ClientContext context;
  PrepareCall(context);
  v1::RecommendResponse response;
  RETURN_IF_ERROR(ClientStatus(stub->Recommend(&context, request, &response), flags.server));
  if (flags.json) {
    ASSIGN_OR_RETURN(const std::string json, ToJson(response));
    std::fputs(json.c_str(), stdout);
  } else {
    Print(response, flags.explain);
  }
  return absl::OkStatus();
}

}  // namespace

namespace {

// What --users needs, and nothing else does.
void AddBatchOptions(Command& command, CommandOption& users, BatchOptions& options) {
  CommandOption out =
      command.Add("--out", options.out, "With --users: file of the answers, a line of JSON each");
  CommandOption models =
      command.Add("--models", options.models, "With --users: folder of the bundles");
  out.Needs(users).Needs(models);
  models.Needs(users);
  users.Needs(out);
  command
      .Add("--dataset", options.dataset,
           "With --users: data set whose users these are [the users of the state store]")
      .Needs(users);
  AddState(command, options.state).Needs(users);
  command.Add("--threads", options.threads, "With --users: threads; 0: one per core")
      .Needs(users)
      .Within(0, 1'024);
}

}  // namespace

void AddRecommendCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<RecommendFlags>();
  Command command = app.AddCommand(
      "recommend",
      "Ask a running service what to recommend; or answer for many users without one.");
  command.Add("--server", flags->server, "HOST:PORT of the service").ShowDefault();
  Command whom = command.AddOneOf("whom");
  whom.Add("--user", flags->user, "Id of a user");
  whom.Add("--session", flags->session, "Id of a session of somebody without an id");
  whom.Add("--items", flags->items,
           "For somebody without an id: items seen lately, oldest first, as ID,ID,...")
      .Separated(',');
  CommandOption users =
      whom.Add("--users", flags->batch.users,
               "Many at once, without a service: all, or a file of ids, one a line");
  AddBatchOptions(command, users, flags->batch);
  command
      .Add("--time-ms", flags->time_ms,
           "When the request is made, in milliseconds since the Unix epoch [now]")
      .NotNegative();
  command.Add("--count", flags->count, "How many items").ShowDefault();
  command.Add("--page-token", flags->page_token, "The page after an answer, which printed this")
      .Excludes(users);
  command
      .Add("--candidates", flags->candidates,
           "Rank just these items, and search nothing: ID,ID,...")
      .Separated(',');
  command
      .Add("--filter", flags->filter,
           "What every item must meet: genre=Comedy, genre=Comedy|Drama, year=1990..1999, "
           "!genre=Horror; may be repeated")
      .OneEachTime("CONDITION");
  command
      .Add("--diversity", flags->diversity,
           "How much likeness to the items above counts against an item")
      .Within(0.0, 1.0);
  command
      .Add("--limit", flags->limits,
           "At most so many items of each value, as genre=3; may be repeated")
      .OneEachTime("ATTRIBUTE=COUNT");
  command
      .Add("--pin", flags->pins,
           "An item that has its place whatever its score, as 318@1; may be repeated")
      .OneEachTime("ITEM[@PLACE]");
  command
      .Add("--boost", flags->boosts,
           "Log-odds that are added to the score of the items that meet a condition, as "
           "genre=Comedy:0.7; may be repeated")
      .OneEachTime("CONDITION:LOG_ODDS");
  command
      .Add("--min-probability", flags->min_probability,
           "Items that are taken up with a smaller probability come last")
      .Within(0.0, 1.0);
  command
      .Add("--liked-worth", flags->liked_worth,
           "What an item that is liked is worth beside 1 for one that is taken up; the "
           "model must know of liking (shortlist train --liked-head)")
      .Within(0.0, 1e6);
  command.AddFlag("--explain", flags->explain, "Say why");
  command.AddFlag("--include-seen", flags->include_seen, "Items of the history may come back");
  command.AddFlag("--json", flags->json, "Print the whole answer as JSON");
  command.OnChosen([flags, &action] { action = [flags] { return Recommend(*flags); }; });
}

}  // namespace shortlist
