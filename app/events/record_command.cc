// shortlist record: tells a running service what somebody did.

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "app/client.h"
#include "app/commands.h"
#include "app/events/event_lines.h"
#include "app/input/json_lines.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "serving/rpc/request_id.h"
#include "shortlist/v1/events.grpc.pb.h"
#include "state/event_types.h"

namespace shortlist {
namespace {

struct RecordFlags {
  std::string server = kDefaultServer;
  std::string file;
  std::string user;
  std::string session;
  std::string item;
  std::string type = "click";
  std::string event_id;   // Empty: a random one.
  double rating = NAN;    // Not a number: none.
  int64_t dwell_ms = -1;  // Negative: none.
  int64_t time_ms = 0;    // 0: now.
  std::string request_id;
  int place = 0;
};

v1::Event MakeEvent(const RecordFlags& flags) {
  v1::Event event;
  event.set_event_id(flags.event_id.empty() ? NewRequestId() : flags.event_id);
  if (flags.session.empty())
    event.set_user_id(flags.user);
  else
    event.set_session_id(flags.session);
  event.set_item_id(flags.item);
  event.set_type(EventTypeOf(flags.type));
  if (event.type() == v1::EVENT_TYPE_CUSTOM) event.set_custom_type(flags.type);
  if (!std::isnan(flags.rating)) event.set_rating(static_cast<float>(flags.rating));
  if (flags.dwell_ms >= 0) event.set_dwell_ms(flags.dwell_ms);
  event.set_time_ms(flags.time_ms);
  event.set_request_id(flags.request_id);
  event.set_place(flags.place);
  return event;
}

absl::Status RecordOne(const RecordFlags& flags) {
  v1::RecordRequest request;
  const v1::Event& event = *request.add_events() = MakeEvent(flags);
  v1::RecordResponse response;
  grpc::ClientContext context;
  PrepareCall(context);
  RETURN_IF_ERROR(ClientStatus(
      v1::Events::NewStub(ConnectToService(flags.server))->Record(&context, request, &response),
      flags.server));
  if (response.recorded() == 0) {
    std::printf("Event %s was recorded before; nothing changes.\n", event.event_id().c_str());
  } else {
    std::printf("Recorded event %s: %s of item %s by %s %s\n", event.event_id().c_str(),
                flags.type.c_str(), flags.item.c_str(), event.has_session_id() ? "session" : "user",
                (event.has_session_id() ? flags.session : flags.user).c_str());
  }
  return absl::OkStatus();
}

struct Counts {
  uint64_t recorded = 0;
  uint64_t known = 0;
};

// Sends batch after batch, each once the one before is durable; `counts` has those that are.
absl::Status RecordBatches(EventLines& lines, const std::string& server, Counts& counts) {
  const auto stub = v1::Events::NewStub(ConnectToService(server));
  grpc::ClientContext context;
  const auto stream = stub->RecordStream(&context);
  Progress progress("recording", 0, "events");
  while (true) {
    const absl::StatusOr<EventLines::Batch> batch = lines.Next();
    if (!batch.ok()) {
      context.TryCancel();
      stream->Finish().ok();  // It is cancelled.
      return batch.status();
    }
    if (batch->lines.empty()) break;
    v1::RecordResponse response;
    if (!stream->Write(batch->request) || !stream->Read(&response))
      return lines.OfLine(ClientStatus(stream->Finish(), server), *batch);
    counts.recorded += static_cast<uint64_t>(response.recorded());
    counts.known += static_cast<uint64_t>(response.known());
    progress.Update(counts.recorded + counts.known);
  }
  stream->WritesDone();
  RETURN_IF_ERROR(ClientStatus(stream->Finish(), server));
  progress.Finish();
  return absl::OkStatus();
}

absl::Status RecordFile(const RecordFlags& flags) {
  ASSIGN_OR_RETURN(JsonLines input, JsonLines::Open(flags.file));
  EventLines lines(std::move(input));
  Counts counts;
  const absl::Status status = RecordBatches(lines, flags.server, counts);
  const std::string recorded = absl::StrCat(Grouped(counts.recorded), " events are recorded, ",
                                            Grouped(counts.known), " were before");
  if (!status.ok()) return {status.code(), absl::StrCat(status.message(), "; ", recorded)};
  std::printf("%s.\n", recorded.c_str());
  return absl::OkStatus();
}

absl::Status Record(const RecordFlags& flags) {
  return flags.file.empty() ? RecordOne(flags) : RecordFile(flags);
}

}  // namespace

void AddRecordCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<RecordFlags>();
  Command command = app.AddCommand("record", "Tell a running service what somebody did.");
  command.Add("--server", flags->server, "HOST:PORT of the service").ShowDefault();
  Command whose = command.AddOneOf("whose");
  whose.Add("--user", flags->user, "Id of the user who did it");
  whose.Add("--session", flags->session, "Id of the session of somebody without an id");
  const CommandOption file =
      whose.Add("--file", flags->file,
                "Many at once: a file of events, a line of JSON each; -: standard input");
  command.Add("--item", flags->item, "Id of the item that it was done to").Excludes(file);
  command
      .Add("--type", flags->type,
           "click, view, like, dislike, purchase, rating, hide, impression, or a custom type that "
           "the service's configuration declares")
      .ShowDefault()
      .Excludes(file);
  command.Add("--rating", flags->rating, "With --type rating: the rating").Excludes(file);
  command.Add("--dwell-ms", flags->dwell_ms, "With --type view: for how long, in milliseconds")
      .NotNegative()
      .Excludes(file);
  command
      .Add("--event-id", flags->event_id,
           "Id of the event, which is recorded once however often it is sent [a random one]")
      .Excludes(file);
  command
      .Add("--time-ms", flags->time_ms,
           "When it happened, in milliseconds since the Unix epoch [now]")
      .NotNegative()
      .Excludes(file);
  CommandOption request = command.Add("--request-id", flags->request_id,
                                      "The answer that the item was in (request_id of its JSON)");
  CommandOption place =
      command.Add("--place", flags->place, "The item's place in that answer, from 1");
  request.Needs(place).Excludes(file);
  place.Needs(request).Excludes(file);
  command.OnChosen([flags, &action] { action = [flags] { return Record(*flags); }; });
}

}  // namespace shortlist
