// A user state as stored: the bytes of a shortlist.v1.UserState (docs/formats.md). Decoded without
// building the message, which a request would pay for interaction by interaction. is_forgotten is
// not part of it: stores remember that beside the state.
#pragma once

#include <string>
#include <string_view>

#include "features/user_state.h"

namespace shortlist {

// Replaces `bytes`. False for a state of 2 GiB or more, or one with text that is not UTF-8, which
// the form cannot hold.
bool EncodeUserState(const UserState& state, std::string& bytes);

// Fills in `state`, which is empty. False for bytes that are no user state. Fields that are not
// known are skipped, as protobuf does.
bool DecodeUserState(std::string_view bytes, UserState& state);

}  // namespace shortlist
