// Wire, and the command line.
#pragma once

#include "cmake/precompiled/wire.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
