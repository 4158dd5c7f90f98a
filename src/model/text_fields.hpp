// Named texts and lists of them: what a template is filled with.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace wl {

/// Made where the words are known (alarm), used where they are placed (mail).
struct TextFields {
  std::map<std::string, std::string, std::less<>> values;
  std::map<std::string, std::vector<TextFields>, std::less<>> lists;
};

}  // namespace wl
