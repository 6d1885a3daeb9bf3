// Tokens of pages: what Recommend answers one request with, part after part. A token holds the
// items that all pages so far showed, so that no store has to remember them and no item comes
// twice, whatever happens between two pages.
//
// It is base64 for URLs of a byte of version, a checksum of four bytes and a
// shortlist.v1.PageToken. It is not secret, and who makes one up leaves out items of their own
// answer, no more.
//
//   ASSIGN_OR_RETURN(std::vector<std::string> shown, ShownBefore(request));
//   ...
//   response.set_next_page_token(NextPageToken(request, shown, count, response));
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

// After so many items there is no further page.
inline constexpr size_t kMaxPagedItems = 5'000;

// The items of the pages before; none for a request without a token. INVALID_ARGUMENT for a token
// that is garbled or of a request that differs in its user, filter or candidate_item_ids.
absl::StatusOr<std::vector<std::string>> ShownBefore(const v1::RecommendRequest& request);

// The token for the page after `response`, whose items may be `count` at most; empty if there is no
// such page.
std::string NextPageToken(const v1::RecommendRequest& request, std::span<const std::string> shown,
                          size_t count, const v1::RecommendResponse& response);

}  // namespace shortlist
