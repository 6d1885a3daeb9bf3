// Core, and what training computes with.
#pragma once

#include "cmake/precompiled/core.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
