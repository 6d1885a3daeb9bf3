// shortlist catalog: tells a running service of items, and says what it was told.

#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "app/catalog/item_batches.h"
#include "app/client.h"
#include "app/commands.h"
#include "app/text_table.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "common/text/decimal.h"
#include "serving/requests/request_validation.h"
#include "shortlist/v1/catalog.grpc.pb.h"

namespace shortlist {
namespace {

struct CatalogFlags {
  std::string server = kDefaultServer;
  std::vector<std::string> items;
  std::string item;
  std::string title;
  std::vector<std::string> attributes;
  std::string vector;
  std::string until;
  std::string file;
  bool delete_missing = false;
  bool json = false;
};

std::unique_ptr<v1::Catalog::Stub> Connect(const CatalogFlags& flags) {
  return v1::Catalog::NewStub(ConnectToService(flags.server));
}

// Numbers between commas or spaces.
absl::Status ParseVector(const std::string& text, google::protobuf::RepeatedField<float>& vector) {
  for (const absl::string_view part :
       absl::StrSplit(text, absl::ByAnyChar(", "), absl::SkipEmpty())) {
    const std::optional<double> number = ParseDecimal({part.data(), part.size()});
    if (!number)
      return absl::InvalidArgumentError(absl::StrCat("--vector: \"", part, "\" is not a number"));
    vector.Add(static_cast<float>(*number));
  }
  return absl::OkStatus();
}

absl::Status Upsert(const CatalogFlags& flags) {
  v1::UpsertItemsRequest request;
  v1::Item& item = *request.add_items();
  item.set_item_id(flags.item);
  item.set_title(flags.title);
  for (const std::string& text : flags.attributes) {
    ASSIGN_OR_RETURN(*item.add_attributes(), ParseAttribute(text));
  }
  RETURN_IF_ERROR(ParseVector(flags.vector, *item.mutable_vector()));
  v1::UpsertItemsResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  RETURN_IF_ERROR(
      ClientStatus(Connect(flags)->UpsertItems(&context, request, &response), flags.server));
  std::printf("Item %s %s\n", flags.item.c_str(),
              response.changed() == 1 ? "is in the catalog as told." : "was like that before.");
  return absl::OkStatus();
}

absl::Status Delete(const CatalogFlags& flags) {
  v1::DeleteItemsRequest request;
  request.mutable_item_ids()->Assign(flags.items.begin(), flags.items.end());
  v1::DeleteItemsResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  return ClientStatus(Connect(flags)->DeleteItems(&context, request, &response), flags.server);
}

absl::Status HideUntil(const CatalogFlags& flags, int64_t until_ms) {
  v1::HideItemsRequest request;
  request.mutable_item_ids()->Assign(flags.items.begin(), flags.items.end());
  request.set_until_ms(until_ms);
  v1::HideItemsResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  return ClientStatus(Connect(flags)->HideItems(&context, request, &response), flags.server);
}

absl::Status Hide(const CatalogFlags& flags) {
  if (flags.until.empty()) return HideUntil(flags, std::numeric_limits<int64_t>::max());
  absl::Time until;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, flags.until, &until, &error))
    return absl::InvalidArgumentError(
        absl::StrCat("--until ", flags.until, ": not a time like 2026-12-24T18:00:00Z: ", error));
  return HideUntil(flags, absl::ToUnixMillis(until));
}

absl::Status Show(const CatalogFlags& flags) { return HideUntil(flags, 0); }

std::string Describe(const v1::ItemChange& change) {
  switch (change.change_case()) {
    case v1::ItemChange::kUpsert:
      return absl::StrCat(change.upsert().title(),
                          change.upsert().attributes_size() > 0 ? "; " : "",
                          absl::StrJoin(change.upsert().attributes(), "; ",
                                        [](std::string* out, const v1::Attribute& attribute) {
                                          absl::StrAppend(out, attribute.name(), "=",
                                                          absl::StrJoin(attribute.values(), "|"));
                                        }),
                          change.upsert().vector().empty()
                              ? ""
                              : absl::StrCat("; a vector of ", change.upsert().vector_size()));
    case v1::ItemChange::kDeletion:
      return "deleted";
    default:
      if (change.hidden_until_ms() == 0) return "shown";
      if (change.hidden_until_ms() == std::numeric_limits<int64_t>::max())
        return "hidden until it is shown again";
      return absl::StrCat("hidden until ", TimeText(change.hidden_until_ms()));
  }
}

// Calls use(response) for every page of an answer; `page` asks for one.
template <class Request, class Response, class Page, class Use>
absl::Status ForEachPage(const Page& page, const Use& use) {
  Request request;
  request.set_page_size(kMaxPageSize);
  while (true) {
    Response response;
    RETURN_IF_ERROR(page(request, response));
    RETURN_IF_ERROR(use(response));
    if (response.next_page_token().empty() || response.next_page_token() == request.page_token())
      return absl::OkStatus();
    request.set_page_token(response.next_page_token());
  }
}

absl::Status ListChanges(const CatalogFlags& flags) {
  const auto stub = Connect(flags);
  TextTable table({{"time (UTC)"}, {"item"}, {"what"}});
  size_t count = 0;
  RETURN_IF_ERROR((ForEachPage<v1::ListChangesRequest, v1::ListChangesResponse>(
      [&](const v1::ListChangesRequest& request, v1::ListChangesResponse& response) {
        grpc::ClientContext context;
        PrepareCall(context);
        return ClientStatus(stub->ListChanges(&context, request, &response), flags.server);
      },
      [&](const v1::ListChangesResponse& response) -> absl::Status {
        for (const v1::ItemChange& change : response.changes()) {
          ++count;
          if (flags.json) {
            ASSIGN_OR_RETURN(const std::string json, ToJson(change));
            std::fputs(json.c_str(), stdout);
          } else {
            table.AddRow({TimeText(change.time_ms()), change.item_id(), Describe(change)});
          }
        }
        return absl::OkStatus();
      })));
  if (flags.json) return absl::OkStatus();
  if (count == 0) {
    std::printf("Nothing was told of items.\n");
  } else {
    std::fputs(table.ToString().c_str(), stdout);
  }
  return absl::OkStatus();
}

// The ids of the catalog that are not among `ids`.
absl::StatusOr<std::vector<std::string>> FindMissing(v1::Catalog::Stub& stub,
                                                     const CatalogFlags& flags,
                                                     const absl::flat_hash_set<std::string>& ids) {
  std::vector<std::string> missing;
  RETURN_IF_ERROR((ForEachPage<v1::ListItemsRequest, v1::ListItemsResponse>(
      [&](const v1::ListItemsRequest& request, v1::ListItemsResponse& response) {
        grpc::ClientContext context;
        PrepareCall(context);
        return ClientStatus(stub.ListItems(&context, request, &response), flags.server);
      },
      [&](const v1::ListItemsResponse& response) {
        for (const v1::Item& item : response.items())
          if (!ids.contains(item.item_id())) missing.push_back(item.item_id());
        return absl::OkStatus();
      })));
  return missing;
}

struct SyncCounts {
  uint64_t changed = 0, unchanged = 0, deleted = 0;
};

// Sends batch after batch, each once the one before is durable.
absl::Status SendItems(ItemBatches& batches, v1::Catalog::Stub& stub, const CatalogFlags& flags,
                       absl::flat_hash_set<std::string>& ids, SyncCounts& counts) {
  grpc::ClientContext context;
  const auto stream = stub.UpsertItemStream(&context);
  Progress progress("synchronising", batches.total(), "items");
  while (true) {
    const absl::StatusOr<v1::UpsertItemsRequest> batch = batches.Next();
    if (!batch.ok()) {
      context.TryCancel();
      stream->Finish().ok();  // It is cancelled.
      return batch.status();
    }
    if (batch->items().empty()) break;
    if (flags.delete_missing)
      for (const v1::Item& item : batch->items()) ids.insert(item.item_id());
    v1::UpsertItemsResponse response;
    if (!stream->Write(*batch) || !stream->Read(&response))
      return batches.OfItem(ClientStatus(stream->Finish(), flags.server));
    counts.changed += static_cast<uint64_t>(response.changed());
    counts.unchanged += static_cast<uint64_t>(response.unchanged());
    progress.Update(counts.changed + counts.unchanged);
  }
  stream->WritesDone();
  RETURN_IF_ERROR(ClientStatus(stream->Finish(), flags.server));
  progress.Finish();
  return absl::OkStatus();
}

absl::Status Synchronise(const CatalogFlags& flags, SyncCounts& counts) {
  ASSIGN_OR_RETURN(ItemBatches batches, ItemBatches::Open(flags.file));
  const auto stub = Connect(flags);
  absl::flat_hash_set<std::string> ids;
  RETURN_IF_ERROR(SendItems(batches, *stub, flags, ids, counts));
  if (!flags.delete_missing) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, FindMissing(*stub, flags, ids));
  for (size_t begin = 0; begin < missing.size(); begin += kMaxChangedItems) {
    const size_t end = std::min<size_t>(begin + kMaxChangedItems, missing.size());
    v1::DeleteItemsRequest request;
    for (size_t i = begin; i < end; ++i) request.add_item_ids(missing[i]);
    v1::DeleteItemsResponse response;
    grpc::ClientContext context;
    PrepareCall(context);
    RETURN_IF_ERROR(ClientStatus(stub->DeleteItems(&context, request, &response), flags.server));
    counts.deleted += end - begin;
  }
  return absl::OkStatus();
}

absl::Status Sync(const CatalogFlags& flags) {
  SyncCounts counts;
  const absl::Status status = Synchronise(flags, counts);
  const std::string done =
      absl::StrCat(Grouped(counts.changed), " items changed, ", Grouped(counts.unchanged),
                   " did not, ", Grouped(counts.deleted), " deleted");
  if (!status.ok()) return {status.code(), absl::StrCat(status.message(), "; ", done)};
  std::printf("%s.\n", done.c_str());
  return absl::OkStatus();
}

Command AddAction(Command& catalog, const std::string& name, const std::string& help,
                  const std::shared_ptr<CatalogFlags>& flags,
                  absl::Status (*run)(const CatalogFlags&), CommandAction& action) {
  Command command = catalog.AddCommand(name, help);
  command.Add("--server", flags->server, "HOST:PORT of the service").ShowDefault();
  command.OnChosen([flags, run, &action] { action = [flags, run] { return run(*flags); }; });
  return command;
}

}  // namespace

void AddCatalogCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<CatalogFlags>();
  Command catalog = app.AddCommand("catalog", "Tell a running service of items.");
  catalog.RequireCommand();
  Command upsert = AddAction(catalog, "upsert",
                             "Put an item into the catalog, or give it another title and other "
                             "content.",
                             flags, Upsert, action);
  upsert.Add("--item", flags->item, "Id of the item").Required();
  upsert.Add("--title", flags->title, "Its title");
  upsert.Add("--attribute", flags->attributes,
             "NAME=VALUE or NAME=VALUE|VALUE; all that the item has");
  upsert.Add("--vector", flags->vector,
             "Numbers between commas: the vector that it brings along, of its picture or its text");
  const auto add_items = [&](Command command) {
    command.Add("--item", flags->items, "Ids of the items").Required();
    return command;
  };
  add_items(AddAction(catalog, "delete", "Take items out of the catalog.", flags, Delete, action));
  Command hide = add_items(
      AddAction(catalog, "hide", "Hide items for good or until a time.", flags, Hide, action));
  hide.Add("--until", flags->until, "When they are shown again: 2026-12-24T18:00:00Z");
  add_items(AddAction(catalog, "show", "Show hidden items again.", flags, Show, action));
  Command changes =
      AddAction(catalog, "changes", "Print what was told of items.", flags, ListChanges, action);
  changes.AddFlag("--json", flags->json, "Print JSON, an object for each change");
  Command sync = AddAction(catalog, "sync",
                           "Bring the catalog up to date with a file; what is the same is left "
                           "alone.",
                           flags, Sync, action);
  sync.Add("--items", flags->file,
           "NAME.item, an atomic file, or JSON lines, a shortlist.v1.Item each; - reads lines from "
           "standard input")
      .Required();
  sync.AddFlag("--delete-missing", flags->delete_missing,
               "Delete items of the catalog that are not in the file");
}

}  // namespace shortlist
