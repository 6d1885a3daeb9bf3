// Core, and what tests are made of.
#pragma once

#include "cmake/precompiled/core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
