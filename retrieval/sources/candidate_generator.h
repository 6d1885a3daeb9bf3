// Stage one: runs the user tower, asks the candidate sources, and merges their answers.
//
// The item index has the first word. Each other source (source_table.h) has a share of the places
// for items that the index did not name; of a user of whom nothing is known, half of the places go
// to popular items first. Or a mix says in which order sources are asked, the index among them, and
// what their shares are. An item that several sources name counts for the one whose place it
// takes. Where fewer items pass the filter than there are places, the index finds them all and,
// without a mix, no other source is asked. Every candidate's score is the cosine of user vector and
// item embedding; candidates are ordered by it, but for pinned items that no source found, which
// take the last places.
//
// Const and thread-safe; refers to the parts of one bundle, which outlive it.
//
//   CandidateGenerator generator(towers, index, {.catalog = &catalog, .similarity = &similarity,
//                                                ...});
//   std::vector<Candidate> candidates = generator.Generate(user, context, filter, 500);
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "features/candidate.h"
#include "features/catalog.h"
#include "features/encoded_request.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/index/item_index.h"
#include "retrieval/sources/candidate_mix.h"
#include "retrieval/sources/candidate_source.h"
#include "retrieval/sources/source_table.h"
#include "retrieval/two_tower.h"

namespace shortlist {

class CandidateGenerator {
 public:
  // All of `parts` is there.
  CandidateGenerator(const TwoTower& towers, const ItemIndex& index, const SourceParts& parts,
                     std::span<const CandidateSourceEntry> sources = CandidateSourceTable());

  // How a request's places are shared among sources.
  struct Mixing {
    const CandidateMix* mix = nullptr;         // Null: the sources' own shares.
    const SourceSettings* settings = nullptr;  // Null: there are none.
    double breadth = 1;                        // Of the breadth by which the index searches.
  };
  // min(k, items that pass) candidates, best score first, equal scores by row. The first k of
  // `pinned` that pass are among them; those that no source found come last.
  std::vector<Candidate> Generate(const EncodedUser& user, const EncodedContext& context,
                                  const ItemFilter& filter, size_t k,
                                  std::span<const ItemRow> pinned = {}) const {
    return Generate(user, context, filter, k, pinned, {});
  }
  std::vector<Candidate> Generate(const EncodedUser& user, const EncodedContext& context,
                                  const ItemFilter& filter, size_t k,
                                  std::span<const ItemRow> pinned, const Mixing& mixing) const;

  // Without the index: what is popular in the user's segment, which the settings name, then what is
  // popular with everybody. At most k, most popular first; the first k of `pinned` that pass are
  // among them.
  std::vector<Candidate> GeneratePopular(const EncodedUser& user, const EncodedContext& context,
                                         const ItemFilter& filter, size_t k,
                                         std::span<const ItemRow> pinned,
                                         const SourceSettings& settings) const;

  // Of items that the caller brings, those that pass, best score first, equal scores by row, none
  // twice: what Generate would give under a filter that nothing else passes, but for their source.
  std::vector<Candidate> Score(const EncodedUser& user, const EncodedContext& context,
                               const ItemFilter& filter, std::span<const ItemRow> items) const;

 private:
  // By the index, with that part of its breadth.
  std::vector<ScoredItem> Nearest(std::span<const float> user_vector, const ItemFilter& filter,
                                  size_t k, double breadth) const;
  // Adds what a source names for so many places, where the table has it; they are taken then.
  void AddFrom(SourceId id, size_t places, const CandidateQuery& query,
               std::span<const float> user_vector, TakenItems& taken,
               std::vector<Candidate>& candidates) const;
  // Adds the items with their cosines.
  void AddScored(std::span<const ItemRow> items, std::span<const float> user_vector,
                 SourceId source, std::vector<Candidate>& candidates) const;
  // Puts the pinned items that pass and are not there in the place of the last that are not pinned.
  void AddPinned(std::span<const ItemRow> pinned, const ItemFilter& filter,
                 std::span<const float> user_vector, std::vector<Candidate>& candidates) const;

  const TwoTower& towers_;
  const ItemIndex& index_;
  struct Source {
    SourceId id;
    std::unique_ptr<CandidateSource> source;
  };
  // Null where the table has no such source.
  const CandidateSource* Find(SourceId id) const;

  std::vector<Source> sources_;
  // The sources' own shares: usually, and for a user of whom nothing is known.
  CandidateMix usual_mix_, mix_for_unknown_user_;
};

}  // namespace shortlist
