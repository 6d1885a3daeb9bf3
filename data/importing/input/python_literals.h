// Lines of Python's dicts as print() and str() write them, of which some data sets consist.
#pragma once

#include <string>
#include <string_view>

namespace shortlist {

// The same as JSON, line by line. Lines that are no Python literals become no JSON either.
std::string PythonLinesToJson(std::string_view text);

}  // namespace shortlist
