// Core, and what messages and calls are made of.
#pragma once

#include "cmake/precompiled/core.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>
