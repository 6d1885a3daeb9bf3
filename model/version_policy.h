// Which version of a models folder a process is to load, and which versions may be removed: a
// function of what there is, without any state of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace shortlist {

struct VersionState {
  std::vector<std::string> on_disk;  // Ascending: the last is the latest.
  std::string current;               // What CURRENT names; empty: nothing.
  std::string served;                // By this process; empty: nothing.
  std::set<std::string> refused;     // What this process must not load.
  std::set<std::string> in_use;      // What a process has loaded: this one or another.
  std::optional<size_t> keep;        // How many to keep; none: all.
};

struct VersionPlan {
  std::string load;                 // Empty: nothing.
  std::vector<std::string> remove;  // Ascending.

  friend bool operator==(const VersionPlan&, const VersionPlan&) = default;
};

// What CURRENT names is loaded unless it is served or refused. All but the latest `keep` versions
// are removed, never what is current, served or in use, nor the version before the current one,
// which is what a roll-back goes to; none while CURRENT names what is not there.
VersionPlan PlanVersions(const VersionState& state);

}  // namespace shortlist
