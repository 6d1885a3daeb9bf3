#include "pipeline/rung.h"
#include "pipeline/rungs/full.h"

namespace shortlist {

std::span<const Rung> RungTable() {
  static constexpr Rung kRungs[] = {
      {kFullRung, AnswerInFull},
  };
  return kRungs;
}

}  // namespace shortlist
