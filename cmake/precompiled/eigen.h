// Core, and what training computes with.
#pragma once

#include "cmake/precompiled/core.h"

#include <Eigen/Dense>
#include <nlohmann/json.hpp>
