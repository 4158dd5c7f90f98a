#include "base/json_duplicates.hpp"

#include <algorithm>
#include <map>

namespace wl {
namespace {

/// Walks the text once, with an entry for each object or array that is open.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  std::vector<DuplicateKey> run() {
    while (at_ < text_.size()) step();
    return std::move(found_);
  }

 private:
  struct Open {
    bool object = false;
    bool wants_key = false;
    std::size_t index = 0;
    std::string key{};  ///< Of the value that is being read.
    std::map<std::string, int, std::less<>> lines{};
  };

  void step() {
    const char c = text_[at_];
    if (text_.substr(at_, 2) == "//") return skip_to("\n");
    if (text_.substr(at_, 2) == "/*") return skip_to("*/");
    if (c == '"') return take_string();
    if (c == '\n') ++line_;
    if (c == '{' || c == '[') open_.push_back({.object = c == '{', .wants_key = c == '{'});
    if ((c == '}' || c == ']') && !open_.empty()) open_.pop_back();
    if (c == ',' && !open_.empty()) {
      open_.back().wants_key = open_.back().object;
      ++open_.back().index;
    }
    ++at_;
  }

  void skip_to(std::string_view end) {
    const std::size_t stop = std::min(text_.size(), text_.find(end, at_));
    line_ += static_cast<int>(std::ranges::count(text_.substr(at_, stop - at_), '\n'));
    at_ = stop + (end == "\n" ? 0 : end.size());
  }

  void take_string() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    const std::string_view text = text_.substr(begin, at_ - begin);
    ++at_;
    if (open_.empty() || !open_.back().wants_key) return;
    Open& object = open_.back();
    object.wants_key = false;
    object.key = text;
    const auto [place, is_new] = object.lines.emplace(text, line_);
    if (!is_new) found_.push_back({line_, place->second, pointer()});
  }

  std::string pointer() const {
    std::string path;
    for (const Open& open : open_)
      path += "/" + (open.object ? open.key : std::to_string(open.index));
    return path;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<Open> open_;
  std::vector<DuplicateKey> found_;
};

}  // namespace

std::vector<DuplicateKey> duplicate_keys(std::string_view json) {
  return Walk(json).run();
}

}  // namespace wl
