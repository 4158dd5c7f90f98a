// The function blocks of IEC 61131-3 part 3, written in Structured Text.
#pragma once

#include "plc/lang/source/source_set.hpp"

namespace wl::plc::lang {

/// TON TOF TP CTU CTD CTUD R_TRIG F_TRIG SR RS (IEC 61131-3 tables 43 to 46).
SourceFile standard_library();

}  // namespace wl::plc::lang
