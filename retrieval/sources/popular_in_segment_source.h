// What is most popular among users who share a value of an attribute with this one: of several
// values the first of each, then the second of each, and so on.
#pragma once

#include <cstddef>
#include <vector>

#include "features/catalog.h"
#include "features/request_schema.h"
#include "retrieval/segment_popularity.h"
#include "retrieval/sources/candidate_source.h"

namespace shortlist {

class PopularInSegmentSource : public CandidateSource {
 public:
  PopularInSegmentSource(const SegmentPopularity& segments, const RequestSchema& requests,
                         const Catalog& catalog)
      : segments_(segments), requests_(requests), catalog_(catalog) {}

  // None for a user without a value that training knew.
  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

 private:
  const SegmentPopularity& segments_;
  const RequestSchema& requests_;
  const Catalog& catalog_;
};

}  // namespace shortlist
