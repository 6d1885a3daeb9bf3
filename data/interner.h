// Gives every distinct string a dense number, in the order of first appearance. Keeps views: the
// bytes, such as those of a mapped file, must outlive it. Not thread-safe.
//
//   Interner users;
//   uint32_t row = users.Intern("alice");
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/text/strings.h"

namespace shortlist {

class Interner {
 public:
  uint32_t Intern(std::string_view content) {
    auto [it, inserted] = numbers_.try_emplace(AbslView(content), size());
    if (inserted) strings_.push_back(content);
    return it->second;
  }
  std::optional<uint32_t> Find(std::string_view content) const {
    auto it = numbers_.find(AbslView(content));
    if (it == numbers_.end()) return std::nullopt;
    return it->second;
  }
  uint32_t size() const { return static_cast<uint32_t>(strings_.size()); }
  std::string_view operator[](uint32_t number) const { return strings_[number]; }
  // All strings, by number.
  std::vector<std::string> ToStrings() const { return {strings_.begin(), strings_.end()}; }

 private:
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_;
  std::vector<std::string_view> strings_;
};

}  // namespace shortlist
