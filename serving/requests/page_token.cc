#include "serving/requests/page_token.h"

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
  v1::RecommendRequest same;
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

}  // namespace

absl::StatusOr<std::vector<std::string>> ShownBefore(const v1::RecommendRequest& request) {
  if (request.page_token().empty()) return std::vector<std::string>();
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &bytes) ||
      bytes.size() < 1 + kChecksumBytes)
    return Invalid(kField, "is not a token that Recommend returned");
  if (bytes[0] != kVersion)
    return Invalid(kField, "is of another version of the service; begin again");
  const std::string_view payload = std::string_view(bytes).substr(1 + kChecksumBytes);
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
  v1::PageToken token;
  token.set_request_fingerprint(Fingerprint(request));
  token.mutable_item_ids()->Reserve(static_cast<int>(shown.size() + items));
  for (const std::string& id : shown) token.add_item_ids(id);
  for (const v1::RecommendedItem& item : response.items()) token.add_item_ids(item.item_id());
  const std::string payload = token.SerializeAsString();
  std::string bytes(1, kVersion);
  bytes += Checksum(payload);
  bytes += payload;
  return absl::WebSafeBase64Escape(bytes);
}

}  // namespace shortlist
