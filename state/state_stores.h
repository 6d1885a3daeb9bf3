// Opens the state store that a configuration names. Every kind of store is a folder here and a line
// in the table (state_stores.cc).
//
//   ASSIGN_OR_RETURN(std::unique_ptr<StateStore> store,
//                    OpenStateStore("models/state.db", projection, IfMissing::kFail));
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "state/state_projection.h"
#include "state/state_store.h"

namespace shortlist {

// What to do where there is no store yet. A store that is made must be one that can be written.
enum class IfMissing { kFail, kCreate };

// `name`: a SQLite file, "sqlite:FILE", or "redis://HOST:PORT[/PREFIX]". Errors are those of the
// store.
absl::StatusOr<std::unique_ptr<StateStore>> OpenStateStore(const std::string& name,
                                                           const StateProjection& projection,
                                                           IfMissing if_missing);

}  // namespace shortlist
