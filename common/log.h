// The log of the program, on standard error: standard output is for results. Sources include this
// and not spdlog, whose headers compile a library of formatting into each source that logs.
#pragma once

#include <string_view>

namespace shortlist {

// Each is one entry. Safe from several threads.
void LogDebug(std::string_view message);
void LogInfo(std::string_view message);
void LogWarning(std::string_view message);
void LogError(std::string_view message);

// To be called once, by main.
void LogToStandardError();
// From now on entries begin with the time, in UTC, as a service's should.
void LogTimes();

}  // namespace shortlist
