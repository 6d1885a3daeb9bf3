// Core, and JSON.
#pragma once

#include "cmake/precompiled/core.h"

#include <nlohmann/json.hpp>
