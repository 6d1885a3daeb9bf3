#include "serving/requests/page_token.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <xxhash.h>

#include <cstdint>
#include <string_view>

#include "absl/strings/escaping.h"
#include "common/field_path.h"
#include "shortlist/v1/page_token.pb.h"

namespace shortlist {
namespace {

constexpr char kVersion = 1;
constexpr size_t kChecksumBytes = 4;
constexpr size_t kHeadBytes = 1 + kChecksumBytes;  // Before the PageToken.
constexpr FieldPath kField{nullptr, "page_token"};

uint64_t Hash(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// Little-endian on every machine.
std::string Checksum(std::string_view bytes) {
  const uint64_t hash = Hash(bytes);
  std::string checksum;
  for (size_t i = 0; i < kChecksumBytes; ++i)
    checksum += static_cast<char>(static_cast<uint8_t>(hash >> (8 * i)));
  return checksum;
}

// Of what must be the same for every page.
uint64_t Fingerprint(const v1::RecommendRequest& request) {
  google::protobuf::Arena arena;
  auto& same = *google::protobuf::Arena::CreateMessage<v1::RecommendRequest>(&arena);
  switch (request.user_case()) {
    case v1::RecommendRequest::kUserId:
      same.set_user_id(request.user_id());
      break;
    case v1::RecommendRequest::kSessionId:
      same.set_session_id(request.session_id());
      break;
    case v1::RecommendRequest::kAnonymous:  // Who may know more of themselves from page to page.
      same.mutable_anonymous();
      break;
    case v1::RecommendRequest::USER_NOT_SET:
      break;
  }
  if (request.filter().ByteSizeLong() > 0) *same.mutable_filter() = request.filter();
  *same.mutable_candidate_item_ids() = request.candidate_item_ids();
  return Hash(same.SerializeAsString());
}

// The bytes of a v1::PageToken, without building the message, which every answer would pay for id
// by id.
std::string Serialize(uint64_t fingerprint, std::span<const std::string> shown,
                      const v1::RecommendResponse& response) {
  using google::protobuf::internal::WireFormatLite;
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  WireFormatLite::WriteFixed64(v1::PageToken::kRequestFingerprintFieldNumber, fingerprint, &out);
  const auto add = [&](const std::string& id) {
    WireFormatLite::WriteBytes(v1::PageToken::kItemIdsFieldNumber, id, &out);
  };
  for (const std::string& id : shown) add(id);
  for (const v1::RecommendedItem& item : response.items()) add(item.item_id());
  out.Trim();
  return bytes;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ShownBefore(const v1::RecommendRequest& request) {
  if (request.page_token().empty()) return std::vector<std::string>();
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &bytes) || bytes.size() < kHeadBytes)
    return Invalid(kField, "is not a token that Recommend returned");
  if (bytes[0] != kVersion)
    return Invalid(kField, "is of another version of the service; begin again");
  const std::string_view payload = std::string_view(bytes).substr(kHeadBytes);
  v1::PageToken token;
  if (bytes.compare(1, kChecksumBytes, Checksum(payload)) != 0 ||
      !token.ParseFromArray(payload.data(), static_cast<int>(payload.size())) ||
      static_cast<size_t>(token.item_ids_size()) > kMaxPagedItems)
    return Invalid(kField, "is not a token that Recommend returned");
  if (token.request_fingerprint() != Fingerprint(request))
    return Invalid(kField,
                   "is of another request: user, filter and candidate_item_ids must be the same");
  return std::vector<std::string>(token.item_ids().begin(), token.item_ids().end());
}

std::string NextPageToken(const v1::RecommendRequest& request, std::span<const std::string> shown,
                          size_t count, const v1::RecommendResponse& response) {
  const auto items = static_cast<size_t>(response.items_size());
  if (items < count || shown.size() + items > kMaxPagedItems) return "";
  const std::string payload = Serialize(Fingerprint(request), shown, response);
  std::string bytes(1, kVersion);
  bytes += Checksum(payload);
  bytes += payload;
  return absl::WebSafeBase64Escape(bytes);
}

}  // namespace shortlist
