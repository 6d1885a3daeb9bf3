// What a role of a service is called on the command line.
#pragma once

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "shortlist/v1/config.pb.h"

namespace shortlist {

// "recommend" of ROLE_RECOMMEND.
inline std::string RoleName(v1::Role role) {
  return absl::AsciiStrToLower(absl::StripPrefix(v1::Role_Name(role), "ROLE_"));
}

}  // namespace shortlist
