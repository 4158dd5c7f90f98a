// Shapes that several answers share: `#/components/schemas/<name>` of the description.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wl::web::openapi {

struct Component {
  std::string_view name;  ///< As in the reference: `Alarm`.
  std::string schema;     ///< JSON Schema 2020-12; may refer to other components.
};

/// All of them, in the order of the description. A name stands once.
const std::vector<Component>& components();

}  // namespace wl::web::openapi
