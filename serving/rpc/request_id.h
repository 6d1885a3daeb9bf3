// The id of one request, for logs and feedback.
#pragma once

#include <string>

namespace shortlist {

// 128 random bits as 32 hexadecimal digits. Thread-safe, without locks.
std::string NewRequestId();

}  // namespace shortlist
