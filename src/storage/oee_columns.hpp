// The columns of table oee_quarters behind `start`, in their order in both engines. Bound and read
// by this list, so that no two of sixteen numbers are swapped.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "model/oee.hpp"

namespace wl::storage {

struct OeeColumn {
  std::string_view name;
  std::int64_t OeeSums::*member;
};

inline constexpr std::array oee_columns{
    OeeColumn{"planned_ms", &OeeSums::planned_ms},
    OeeColumn{"running_ms", &OeeSums::running_ms},
    OeeColumn{"minor_stop_ms", &OeeSums::minor_stop_ms},
    OeeColumn{"breakdown_ms", &OeeSums::breakdown_ms},
    OeeColumn{"setup_ms", &OeeSums::setup_ms},
    OeeColumn{"idle_ms", &OeeSums::idle_ms},
    OeeColumn{"unknown_ms", &OeeSums::unknown_ms},
    OeeColumn{"free_break_ms", &OeeSums::free_break_ms},
    OeeColumn{"produced", &OeeSums::produced},
    OeeColumn{"rejected", &OeeSums::rejected},
    OeeColumn{"rated_produced", &OeeSums::rated_produced},
    OeeColumn{"rated_rejected", &OeeSums::rated_rejected},
    OeeColumn{"rated_startup_rejected", &OeeSums::rated_startup_rejected},
    OeeColumn{"ideal_produced_us", &OeeSums::ideal_produced_us},
    OeeColumn{"ideal_good_us", &OeeSums::ideal_good_us},
    OeeColumn{"ideal_startup_us", &OeeSums::ideal_startup_us},
};
static_assert(sizeof(OeeSums) == oee_columns.size() * sizeof(std::int64_t));

/// `planned_ms, running_ms, …`
inline std::string oee_column_names() {
  std::string names;
  for (const OeeColumn& column : oee_columns) {
    names += names.empty() ? "" : ", ";
    names += column.name;
  }
  return names;
}

}  // namespace wl::storage
