// shortlist similar: asks a running service for the items most similar to one.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "app/client.h"
#include "app/commands.h"
#include "app/text_table.h"
#include "common/status_macros.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"

namespace shortlist {
namespace {

constexpr size_t kSimilarTitleWidth = 60;

struct SimilarFlags {
  std::string server = kDefaultServer;
  std::string item;
  std::string by = "taste";
  int count = 20;
  std::vector<std::string> filter;
  bool json = false;
};

absl::Status Similar(const SimilarFlags& flags) {
  auto channel = ConnectToService(flags.server);
  v1::SimilarItemsRequest request;
  v1::Similarity by = v1::SIMILARITY_TASTE;
  request.set_item_id(flags.item);
  request.set_count(flags.count);
  if (!v1::Similarity_Parse("SIMILARITY_" + absl::AsciiStrToUpper(flags.by), &by))
    return absl::InternalError(absl::StrCat("--by ", flags.by));  // The option lets no other pass.
  request.set_by(by);
  ASSIGN_OR_RETURN(*request.mutable_filter(), ParseFilter(flags.filter));
  v1::SimilarItemsResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  RETURN_IF_ERROR(ClientStatus(
      v1::Recommender::NewStub(channel)->SimilarItems(&context, request, &response), flags.server));
  if (flags.json) {
    ASSIGN_OR_RETURN(const std::string json, ToJson(response));
    std::fputs(json.c_str(), stdout);
    return absl::OkStatus();
  }

  v1::GetItemRequest get;
  get.set_item_id(flags.item);
  v1::GetItemResponse item;
  grpc::ClientContext get_context;
  PrepareCall(get_context);
  RETURN_IF_ERROR(
      ClientStatus(v1::Catalog::NewStub(channel)->GetItem(&get_context, get, &item), flags.server));
  std::printf("Similar to %s (item %s):\n", item.item().title().c_str(), flags.item.c_str());
  TextTable table({{"", TextTable::kRight},
                   {"title", TextTable::kLeft},
                   {"item", TextTable::kLeft},
                   {"similarity", TextTable::kRight}});
  for (int i = 0; i < response.items_size(); ++i) {
    const v1::SimilarItem& similar = response.items(i);
    table.AddRow({absl::StrCat(i + 1), Shorten(similar.title(), kSimilarTitleWidth),
                  similar.item_id(), absl::StrFormat("%.3f", similar.similarity())});
  }
  std::fputs(table.ToString().c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddSimilarCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<SimilarFlags>();
  Command command =
      app.AddCommand("similar", "Ask a running service for the items most similar to one.");
  command.Add("--server", flags->server, "HOST:PORT of the service").ShowDefault();
  command.Add("--item", flags->item, "Id of the item").Required();
  command
      .Add(
          "--by", flags->by,
          "What makes items alike: who takes them up, the vectors that they brought along, or both")
      .OneOf({"taste", "content", "both"})
      .ShowDefault();
  command.Add("--count", flags->count, "How many items").ShowDefault();
  command
      .Add("--filter", flags->filter,
           "What every item must meet, as in shortlist recommend; may be repeated")
      .OneEachTime("CONDITION");
  command.AddFlag("--json", flags->json, "Print the whole answer as JSON");
  command.OnChosen([flags, &action] { action = [flags] { return Similar(*flags); }; });
}

}  // namespace shortlist
