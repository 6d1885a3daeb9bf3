// Measures a model on the interactions that were held out: one request per user, just before
// their first test interaction, ranked over the whole catalog without what the user has already;
// every test item that is new to the user is relevant. Users without one are left out.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/parallel.h"
#include "model/bundle.h"
#include "training/dataset.h"
#include "training/user_sequences.h"

namespace shortlist {

struct EvaluationRow {
  std::string model;
  double hit_10 = 0;
  double ndcg_10 = 0;
  double recall_20 = 0;
  double recall_100 = 0;
};

struct Evaluation {
  size_t users = 0;
  std::vector<EvaluationRow> rows;  // Means over the users.
};

// Rows "popularity", "retrieval" (stage one as it is served, `candidates` of them) and "two_stage"
// (those candidates, ranked). `bundle` was made without the test interactions.
Evaluation Evaluate(const Dataset& dataset, std::span<const UserSequence> sequences,
                    const Bundle& bundle, size_t candidates, WorkerPool& pool);

// As a table for a person to read.
std::string FormatEvaluation(const Evaluation& evaluation);

}  // namespace shortlist
