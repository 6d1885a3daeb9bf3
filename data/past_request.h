// Requests as they would have been made in the past: what was known of a user just before one of
// their interactions. It is put in public ids and names first, and encoded by the code that serves.
//
//   const PastRequests past(dataset);
//   const PastRequest request = past.Before(sequences[user], user, sequences[user].train_end);
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/array_file.h"
#include "common/string_table.h"
#include "data/dataset.h"
#include "data/user_sequences.h"
#include "features/encoded_request.h"
#include "features/request_encoder.h"
#include "features/request_schema.h"
#include "features/user_state.h"

namespace shortlist {

// The user with the interactions [begin, end) of the data set, which are theirs, within the bounds
// of features/user_state.h: of a longer history the last interactions.
UserState StateOf(const Dataset& dataset, uint32_t user, size_t begin, size_t end);

// The circumstances of an interaction, without what follows from its time.
RequestContext ContextOf(const Dataset& dataset, size_t interaction);

struct PastRequest {
  EncodedUser user;
  EncodedContext context;
};

// Const and thread-safe; refers to the data set, which must outlive it. Rows and codes are the data
// set's, which are those of every bundle that is trained on it.
class PastRequests {
 public:
  explicit PastRequests(const Dataset& dataset);
  PastRequests(const PastRequests&) = delete;  // Its parts refer to one another.
  PastRequests& operator=(const PastRequests&) = delete;

  // The request just before interaction `position` of the user's sequence; everything before it,
  // and nothing else, is in the history. The circumstances are those of that interaction; after the
  // last one nothing is known of them.
  PastRequest Before(const UserSequence& sequence, uint32_t user, size_t position) const;

 private:
  const Dataset& dataset_;
  ArrayFile file_;
  StringTable item_ids_;
  RequestSchema schema_;
  RequestEncoder encoder_;
};

}  // namespace shortlist
