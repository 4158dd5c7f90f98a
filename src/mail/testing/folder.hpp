// For tests: a folder that goes with the object.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace wl::mail {

struct Folder {
  Folder() {
    std::string made = (std::filesystem::temp_directory_path() / "wl_mail_XXXXXX").string();
    if (::mkdtemp(made.data()) != nullptr) path = made;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::vector<std::string> names(const std::string& ending, const std::string& under = "") const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path / under)) {
      const std::string name = entry.path().filename();
      if (name.ends_with(ending)) found.push_back(name);
    }
    std::ranges::sort(found);
    return found;
  }

  std::filesystem::path path;
};

}  // namespace wl::mail
