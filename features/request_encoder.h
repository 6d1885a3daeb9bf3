// From public ids and names to the rows and codes of one bundle: the only code that does it, for
// training, evaluation, serving and batch answers alike, so that the models see in production what
// they saw in training. What the bundle does not know is left out.
//
// Const and thread-safe; refers to its parts, which must outlive it.
//
//   const RequestEncoder encoder(catalog.ids(), schema);
//   const EncodedUser user = encoder.Encode(state);
#pragma once

#include "common/string_table.h"
#include "features/encoded_request.h"
#include "features/request_schema.h"
#include "features/user_state.h"

namespace shortlist {

class RequestEncoder {
 public:
  // `item_ids`: by item row.
  RequestEncoder(const StringTable& item_ids, const RequestSchema& schema)
      : item_ids_(&item_ids), schema_(&schema) {}

  EncodedUser Encode(const UserState& user) const;

  // The context's attributes are: "daypart" and "weekday" of time_ms, where it is known, in the
  // time zone of the context or the user (features/context_time.h), "device", "surface", and each
  // of `extra`, which overrides these.
  EncodedContext Encode(const RequestContext& context, const UserState& user) const;

 private:
  const StringTable* item_ids_;
  const RequestSchema* schema_;
};

}  // namespace shortlist
