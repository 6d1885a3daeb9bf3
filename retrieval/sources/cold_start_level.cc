#include "retrieval/sources/cold_start_level.h"

namespace shortlist {

ColdStartLevel LevelOf(const EncodedUser& user, bool has_id) {
  if (user.history.empty())
    return user.attribute_codes.empty() ? ColdStartLevel::kContext : ColdStartLevel::kAttributes;
  if (user.user != kNoUser) return ColdStartLevel::kKnownUser;
  return has_id ? ColdStartLevel::kHistory : ColdStartLevel::kSession;
}

}  // namespace shortlist
