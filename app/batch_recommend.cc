#include "app/batch_recommend.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "app/answer_line.h"
#include "app/common_options.h"
#include "common/clock.h"
#include "common/files.h"
#include "common/output_file.h"
#include "common/parallel.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "data/dataset.h"
#include "data/past_request.h"
#include "model/bundle.h"
#include "model/bundle_registry.h"
#include "model/live_catalog.h"
#include "pipeline/bound_query.h"
#include "pipeline/local_pipeline.h"
#include "serving/catalog/catalog_follower.h"
#include "serving/requests/query_messages.h"
#include "serving/requests/request_validation.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

// So many users' lines are kept before they are written.
constexpr size_t kPart = 5'000;
// Users of one step of a thread.
constexpr size_t kChunk = 50;

// Whom to answer, and what is known of them. Called from several threads.
struct Users {
  std::vector<std::string> ids;
  std::function<absl::StatusOr<UserState>(const std::string& id)> state_of;
  std::shared_ptr<const StateStore> store;  // Null where they are of a data set.
};

struct DatasetUsers {
  Dataset dataset;
  absl::flat_hash_map<std::string_view, uint32_t> rows;
  std::vector<size_t> begins;  // Of each user's interactions, and their end.
};

absl::StatusOr<Users> UsersOfDataset(const std::filesystem::path& folder) {
  auto users = std::make_shared<DatasetUsers>();
  ASSIGN_OR_RETURN(users->dataset, LoadDataset(folder, {.skip_bad_rows = true}));
  const Dataset& dataset = users->dataset;
  size_t position = 0;
  for (uint32_t user = 0; user < dataset.user_ids.size(); ++user) {
    users->rows.emplace(dataset.user_ids[user], user);
    users->begins.push_back(position);
    while (position < dataset.interactions.size() && dataset.interactions[position].user == user)
      ++position;
  }
  users->begins.push_back(position);
  auto state_of = [users](const std::string& id) -> absl::StatusOr<UserState> {
    const auto found = users->rows.find(id);
    if (found == users->rows.end())
      return UserState{.user_id = id, .attributes = {}, .history = {}};
    return StateOf(users->dataset, found->second, users->begins[found->second],
                   users->begins[found->second + 1]);
  };
  return Users{.ids = dataset.user_ids, .state_of = state_of, .store = nullptr};
}

absl::StatusOr<Users> UsersOfStore(const std::string& name, bool all) {
  ASSIGN_OR_RETURN(std::unique_ptr<StateStore> opened,
                   OpenStateStore(name, StateProjection(), IfMissing::kFail));
  const std::shared_ptr<StateStore> store = std::move(opened);
  Users users{.ids = {}, .state_of = {}, .store = store};
  if (all) {
    ASSIGN_OR_RETURN(users.ids, store->UserIds());
  }
  users.state_of = [store](const std::string& id) -> absl::StatusOr<UserState> {
    UserState state;
    ASSIGN_OR_RETURN(const bool known, store->Read(UserKey(id), state));
    if (!known) state.user_id = id;
    TrimToBounds(state);
    return state;
  };
  return users;
}

absl::StatusOr<std::vector<std::string>> ReadIds(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  std::vector<std::string> ids;
  for (size_t begin = 0; begin < content.size();) {
    const size_t end = std::min(content.find('\n', begin), content.size());
    std::string id = content.substr(begin, end - begin);
    if (id.ends_with('\r')) id.pop_back();
    begin = end + 1;
    if (id.empty()) continue;
    if (id.size() > kMaxTextBytes)
      return absl::InvalidArgumentError(absl::StrCat("--users ", path, ": id ", ids.size() + 1,
                                                     " has more than ", kMaxTextBytes, " bytes"));
    ids.push_back(std::move(id));
  }
  return ids;
}

absl::StatusOr<Users> ReadUsers(const BatchOptions& options) {
  const bool all = options.users == "all";
  Users users;
  if (options.dataset.empty()) {
    ASSIGN_OR_RETURN(users, UsersOfStore(StateOf(options.state, options.models), all));
  } else {
    ASSIGN_OR_RETURN(users, UsersOfDataset(options.dataset));
  }
  if (!all) {
    ASSIGN_OR_RETURN(users.ids, ReadIds(options.users));
  }
  return users;
}

// The bundle after what the store knows of changes of its catalog.
absl::StatusOr<std::shared_ptr<const Bundle>> Follow(std::shared_ptr<const Bundle> trained,
                                                     const StateStore& store) {
  BundleRegistry bundles(std::move(trained));
  LiveCatalog catalog(bundles);
  const Clock clock = &absl::Now;
  RETURN_IF_ERROR(CatalogFollower(store, catalog, clock).CatchUp());
  return bundles.Current();
}

// The lines of the users [begin, end).
absl::Status AnswerUsers(const LocalPipeline& pipeline, const Query& asked,
                         const std::shared_ptr<const Bundle>& bundle, const Users& users,
                         size_t begin, size_t end, std::string& lines) {
  Query query = asked;
  for (size_t user = begin; user < end; ++user) {
    ASSIGN_OR_RETURN(query.user, users.state_of(users.ids[user]));
    BoundQuery bound(query, bundle);
    ASSIGN_OR_RETURN(const Answer answer, pipeline.Run(bound));
    AppendAnswerLine(users.ids[user], answer, lines);
  }
  return absl::OkStatus();
}

absl::Status WriteError(const std::filesystem::path& path) {
  // A stream can fail without an error number, which would be no error.
  return absl::ErrnoToStatus(errno != 0 ? errno : EIO,
                             absl::StrCat(path.string(), ": cannot be written"));
}

absl::Status WriteAnswers(const std::shared_ptr<const Bundle>& bundle, const Users& users,
                          const Query& query, size_t threads, const std::filesystem::path& path) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return WriteError(path);
  const LocalPipeline pipeline;
  WorkerPool pool(threads);
  Progress progress("recommending", users.ids.size(), "users");
  for (size_t begin = 0; begin < users.ids.size(); begin += kPart) {
    const size_t end = std::min(begin + kPart, users.ids.size());
    const size_t chunks = (end - begin + kChunk - 1) / kChunk;
    std::vector<std::string> lines(chunks);
    std::vector<absl::Status> statuses(chunks);
    pool.ForEach(chunks, [&](size_t chunk) {
      const size_t first = begin + chunk * kChunk;
      statuses[chunk] = AnswerUsers(pipeline, query, bundle, users, first,
                                    std::min(first + kChunk, end), lines[chunk]);
    });
    for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
    for (const std::string& text : lines) out << text;
    if (!out) return WriteError(path);
    progress.Update(end);
  }
  out.close();
  if (!out) return WriteError(path);
  progress.Finish();
  return absl::OkStatus();
}

}  // namespace

absl::Status RecommendToMany(const v1::RecommendRequest& request, const BatchOptions& options) {
  v1::RecommendRequest checked = request;
  checked.set_user_id("anybody");
  RETURN_IF_ERROR(Validate(checked));
  if (const std::string problem = OutputFileProblem(options.out.string()); !problem.empty())
    return absl::InvalidArgumentError(absl::StrCat("--out: ", problem));
  ASSIGN_OR_RETURN(std::shared_ptr<const Bundle> bundle, LoadCurrentBundle(options.models));
  ASSIGN_OR_RETURN(const Users users, ReadUsers(options));
  if (users.store != nullptr) {
    ASSIGN_OR_RETURN(bundle, Follow(std::move(bundle), *users.store));
  }
  Query query = FromMessage(request);
  if (query.context.time_ms == 0) query.context.time_ms = absl::ToUnixMillis(absl::Now());

  if (const std::vector<std::string> unknown = BoundQuery(query, bundle).given_items().unknown_ids;
      !unknown.empty())
    std::printf("Not in the catalog: %s\n", absl::StrJoin(unknown, ", ").c_str());

  const std::filesystem::path partial = options.out.string() + ".partial";
  absl::Status status = WriteAnswers(bundle, users, query, options.threads, partial);
  std::error_code error;
  if (status.ok()) {
    std::filesystem::rename(partial, options.out, error);
    if (error) status = absl::ErrnoToStatus(error.value(), options.out.string());
  }
  if (!status.ok()) {
    std::filesystem::remove(partial, error);
    return status;
  }
  std::printf("Wrote the answers for %zu users, from bundle %s, to %s\n", users.ids.size(),
              bundle->id.substr(0, 8).c_str(), options.out.c_str());
  return absl::OkStatus();
}

}  // namespace shortlist
