// A text with places that are filled in: `{{name}}`, and `{{#list}} … {{/list}}` for each element.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/text_fields.hpp"

namespace wl::mail {

/// What is done to a value before it is placed.
enum class Escape {
  none,
  html,  ///< & < > " ' become entities.
  json,  ///< As inside of a JSON string.
};

/// Immutable. In a list the names of its element come before those around it; `{{#name}}` of a
/// value shows its inside when the value is not empty. A line with nothing but `{{#name}}` or
/// `{{/name}}` leaves no empty line. Nothing else can be said: no code, no files.
/// A template has at most 64 KiB and lists in lists 4 deep.
class Template {
 public:
  /// Refuses with `name:line: reason`: a tag that is not closed, a `{{/list}}` without its begin.
  static Result<Template> parse(std::string text, std::string name, Escape escape);

  /// Refuses with `name:line: reason`: a name that `fields` do not have, with the nearest one.
  Result<std::string> render(const TextFields& fields) const;

 private:
  struct Node {
    enum class Kind { text, value, list } kind = Kind::text;
    std::string text;  ///< Or the name.
    int line = 0;
    std::vector<Node> inside;
  };
  struct Parser;
  struct Renderer;

  std::string name_;
  Escape escape_ = Escape::none;
  std::vector<Node> nodes_;
};

/// The value as it stands in such a text.
std::string escaped(std::string_view value, Escape escape);

}  // namespace wl::mail
