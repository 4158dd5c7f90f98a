#include "mail/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/nearest.hpp"
#include "base/trimmed.hpp"

namespace wl::mail {
namespace {

constexpr std::size_t longest = 64 << 10;
constexpr std::size_t deepest = 4;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string escaped(std::string_view value, Escape escape) {
  if (escape == Escape::none) return std::string(value);
  std::string out;
  for (const char c : value) {
    if (escape == Escape::json) {
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
      } else {
        out += c;
      }
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

struct Template::Parser {
  std::string_view text;
  const std::string& name;
  std::size_t at = 0;
  int line = 1;
  std::vector<std::string> open{};

  std::unexpected<Error> refuse(std::string_view reason) const {
    return fail(Errc::invalid_argument, fmt::format("{}:{}: {}", name, line, reason));
  }
  void step_to(std::size_t end) {
    line += static_cast<int>(std::ranges::count(text.substr(at, end - at), '\n'));
    at = end;
  }

  /// The tag is all of its line.
  bool stands_alone(std::size_t begin, std::size_t end) const {
    return (begin == 0 || text[begin - 1] == '\n') && end < text.size() && text[end] == '\n';
  }

  /// Up to the end of the list that is open, or of the text.
  Result<std::vector<Node>> nodes() {
    std::vector<Node> found;
    for (;;) {
      const std::size_t begin = std::min(text.find("{{", at), text.size());
      if (begin > at)
        found.push_back({Node::Kind::text, std::string(text.substr(at, begin - at)), line, {}});
      step_to(begin);
      if (at == text.size()) {
        if (open.empty()) return found;
        return refuse(fmt::format("'{{{{#{}}}}}' is not closed", open.back()));
      }
      const std::size_t end = text.find("}}", at);
      if (end == std::string_view::npos) return refuse("'{{' without '}}'");
      std::string_view tag = trimmed(text.substr(at + 2, end - at - 2));
      const int here = line;
      const bool begins = tag.starts_with('#');
      const bool ends = tag.starts_with('/');
      if (begins || ends) tag = trimmed(tag.substr(1));
      if (!is_name(tag)) return refuse(fmt::format("'{}' is not a name", tag));
      const bool whole_line = (begins || ends) && stands_alone(begin, end + 2);
      step_to(end + 2 + (whole_line ? 1 : 0));
      if (ends) {
        if (open.empty() || open.back() != tag) {
          return refuse(fmt::format("'{{{{/{0}}}}}' without '{{{{#{0}}}}}' before it", tag));
        }
        return found;
      }
      Node node{begins ? Node::Kind::list : Node::Kind::value, std::string(tag), here, {}};
      if (begins) {
        if (open.size() == deepest) return refuse("lists are nested too deep");
        open.emplace_back(tag);
        auto inside = nodes();
        if (!inside) return inside;
        open.pop_back();
        node.inside = std::move(*inside);
      }
      found.push_back(std::move(node));
    }
  }
};

Result<Template> Template::parse(std::string text, std::string name, Escape escape) {
  if (text.size() > longest) {
    return fail(Errc::invalid_argument, fmt::format("{}: longer than {} bytes", name, longest));
  }
  Template made;
  made.name_ = std::move(name);
  made.escape_ = escape;
  Parser parser{text, made.name_};
  auto nodes = parser.nodes();
  if (!nodes) return std::unexpected(nodes.error());
  made.nodes_ = std::move(*nodes);
  return made;
}

struct Template::Renderer {
  const Template& of;
  std::vector<const TextFields*> around;  ///< The innermost last.
  std::string out{};
  std::string problem{};

  const std::string* value(const std::string& name) const {
    for (auto each = around.rbegin(); each != around.rend(); ++each) {
      const auto found = (*each)->values.find(name);
      if (found != (*each)->values.end()) return &found->second;
    }
    return nullptr;
  }

  const std::vector<TextFields>* list(const std::string& name) const {
    for (auto each = around.rbegin(); each != around.rend(); ++each) {
      const auto found = (*each)->lists.find(name);
      if (found != (*each)->lists.end()) return &found->second;
    }
    return nullptr;
  }

  void unknown(const Node& node) {
    if (!problem.empty()) return;
    std::vector<std::string_view> known;
    for (const TextFields* each : around) {
      for (const auto& [name, text] : each->values) known.push_back(name);
      for (const auto& [name, elements] : each->lists) known.push_back(name);
    }
    const auto near = nearest(node.text, known);
    problem = fmt::format("{}:{}: nothing is called '{}'", of.name_, node.line, node.text);
    if (near) problem += fmt::format("; did you mean '{}'?", *near);
  }

  void list(const Node& node) {
    if (const auto* elements = list(node.text)) {
      for (const TextFields& element : *elements) {
        around.push_back(&element);
        render(node.inside);
        around.pop_back();
      }
    } else if (const std::string* text = value(node.text)) {
      if (!text->empty()) render(node.inside);
    } else {
      unknown(node);
    }
  }

  void render(std::span<const Node> nodes) {
    for (const Node& node : nodes) {
      if (node.kind == Node::Kind::text) {
        out += node.text;
      } else if (node.kind == Node::Kind::list) {
        list(node);
      } else if (const std::string* text = value(node.text)) {
        out += escaped(*text, of.escape_);
      } else {
        unknown(node);
      }
    }
  }
};

Result<std::string> Template::render(const TextFields& fields) const {
  Renderer renderer{*this, {&fields}};
  renderer.render(nodes_);
  if (!renderer.problem.empty()) return fail(Errc::invalid_argument, renderer.problem);
  return std::move(renderer.out);
}

}  // namespace wl::mail
