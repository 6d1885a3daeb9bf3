#include "data/importing/usual_names.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

struct Role {
  std::string_view name;
  std::vector<std::string_view> usual_names;  // In lower case, letters and digits only.
};

const Role& Find(ColumnRole role) {
  static const auto& roles = *new std::vector<Role>{
      {"user",
       {"user", "userid", "uid", "reviewerid", "visitorid", "customer", "customerid", "memberid",
        "accountid", "profileid"}},
      {"item",
       {"item",      "itemid",  "iid",       "movieid",    "asin",   "parentasin", "product",
        "productid", "article", "articleid", "videoid",    "songid", "trackid",    "artistid",
        "bookid",    "isbn",    "newsid",    "businessid", "gameid", "animeid",    "sku"}},
      {"time",
       {"timestamp", "time", "ts", "date", "datetime", "unixreviewtime", "unixtime", "eventtime",
        "createdat", "tdat"}},
      {"rating", {"rating", "ratings", "stars", "overall", "score", "bookrating"}},
      {"label", {"label", "clicked", "isclick"}},
      {"type", {"event", "eventtype", "action", "actiontype", "type", "behavior", "behaviortype"}},
  };
  return roles[static_cast<size_t>(role)];
}

std::string Plain(std::string_view name) {
  std::string plain;
  for (char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return plain;
}

bool IsOneOf(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), Plain(name)) != names.end();
}

}  // namespace

std::string_view RoleName(ColumnRole role) { return Find(role).name; }

absl::StatusOr<std::optional<std::string>> FindRole(ColumnRole role, const std::string& declared,
                                                    std::span<const std::string> columns,
                                                    std::string_view table) {
  if (!declared.empty()) {
    if (std::find(columns.begin(), columns.end(), declared) != columns.end()) return declared;
    return absl::InvalidArgumentError(absl::StrCat(AbslView(table), ": there is no column ",
                                                   declared,
                                                   "; there are: ", absl::StrJoin(columns, ", ")));
  }
  std::vector<std::string> found;
  for (const std::string& column : columns)
    if (IsOneOf(column, Find(role).usual_names)) found.push_back(column);
  if (found.empty()) return std::nullopt;
  if (found.size() > 1)
    return absl::InvalidArgumentError(absl::StrCat(
        AbslView(table), ": which column is the ", AbslView(RoleName(role)), "? ",
        absl::StrJoin(found, " or "), "; say it with --", AbslView(RoleName(role)), " COLUMN"));
  return found.front();
}

bool IsTitleName(std::string_view name) {
  constexpr std::string_view kTitles[] = {"title",     "name",       "itemname", "productname",
                                          "booktitle", "movietitle", "appname",  "prodname"};
  return IsOneOf(name, kTitles);
}

bool IsListName(std::string_view name) {
  constexpr std::string_view kLists[] = {"genre",    "genres", "category", "categories",
                                         "keywords", "tags",   "topics"};
  return IsOneOf(name, kLists);
}

}  // namespace shortlist
