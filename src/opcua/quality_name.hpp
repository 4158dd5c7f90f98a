// The name of a StatusCode, for people.
#pragma once

#include <string>

#include "model/quality.hpp"

namespace wl::opcua {

/// `Good`, `UncertainLastUsableValue`, `BadNoCommunication`: the code without its info bits.
std::string quality_name(Quality quality);

}  // namespace wl::opcua
