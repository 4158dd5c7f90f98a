#include "apps/settings/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/settings/keys.hpp"
#include "apps/settings/rules.hpp"
#include "base/durable_file.hpp"
#include "base/env_file.hpp"
#include "base/nearest.hpp"

namespace wl {
namespace {

/// Where a key's text came from, for messages.
struct Origin {
  std::string place;  ///< `.env:12` or `environment`.
  std::string key;    ///< As written there, perhaps the old name.
};

/// Gathers keys, first of the file, then of the environment, and remembers where each stands.
class Loader {
 public:
  explicit Loader(std::filesystem::path root) { settings_.root = std::move(root); }

  void take_file(const std::vector<EnvLine>& lines) {
    for (const EnvLine& line : lines) {
      const Origin origin{fmt::format(".env:{}", line.line), line.key};
      if (const SettingsKey* key = find_settings_key(line.key)) {
        warn_about_repetition(*key, origin);
        take(*key, line.value, origin);
      } else {
        warn_about_unknown(origin);
      }
    }
  }

  void take_environment(const std::map<std::string, std::string>& environment) {
    for (const SettingsKey& key : settings_keys()) {
      auto found = environment.find(std::string(key.name));
      if (found == environment.end()) found = environment.find(std::string(key.old_name));
      if (found != environment.end()) take(key, found->second, {"environment", found->first});
    }
  }

  Result<LoadedSettings> finish() {
    for (const auto& [key, written] : written_) apply(*key, written);
    complete();
    if (mistakes_.empty()) check();
    if (!mistakes_.empty()) {
      return fail(Errc::invalid_argument, fmt::format("{}", fmt::join(mistakes_, "\n")));
    }
    return LoadedSettings{std::move(settings_), std::move(warnings_)};
  }

 private:
  struct Written {
    std::string value;
    Origin origin;
  };

  /// An empty value means the default, also over a value of the file.
  void take(const SettingsKey& key, const std::string& value, Origin origin) {
    written_[&key] = {value, std::move(origin)};
  }

  void apply(const SettingsKey& key, const Written& written) {
    if (written.value.empty()) return;
    if (const auto applied = key.apply(settings_, written.value); !applied) {
      mistakes_.push_back(describe(written.origin, applied.error().what));
    }
  }

  void warn_about_unknown(const Origin& origin) {
    std::vector<std::string_view> names;
    for (const SettingsKey& key : settings_keys()) {
      names.push_back(key.name);
      if (!key.old_name.empty()) names.push_back(key.old_name);
    }
    const auto guess = nearest(origin.key, names);
    warnings_.push_back(describe(
        origin, guess ? fmt::format("unknown key, ignored; did you mean {}?", *guess)
                      : std::string("unknown key, ignored; .env.example lists every key")));
  }

  void warn_about_repetition(const SettingsKey& key, const Origin& origin) {
    const auto before = written_.find(&key);
    if (before == written_.end()) return;
    warnings_.push_back(describe(origin, fmt::format("replaces {} of {}", before->second.origin.key,
                                                     before->second.origin.place)));
  }

  /// Defaults that follow from other keys, and absolute paths.
  void complete() {
    const auto absolute = [&](std::filesystem::path& path, const std::filesystem::path& fallback) {
      if (path.empty()) path = fallback;
      path = (settings_.root / path).lexically_normal();
    };
    absolute(settings_.data_dir, "data");
    absolute(settings_.log_dir, "logs");
    absolute(settings_.run_dir, "run");
    absolute(settings_.plc_program, "plc_program");
    absolute(settings_.backup_dir, "backups");
    absolute(settings_.db_sqlite_path, settings_.data_dir / "wattline.db");
    // Two installations on one machine differ by ports; the collector must find its own gateway.
    if (const auto* url = find_settings_key("OPC_UA_SERVER_URL"); !is_set(*url)) {
      const std::string& host = settings_.gateway_opc_ua_host;
      const bool local = is_loopback(host) || host == "0.0.0.0" || host == "::";
      settings_.opc_ua_server_url =
          fmt::format("opc.tcp://{}:{}", local ? "localhost" : host, settings_.gateway_opc_ua_port);
    }
  }

  bool is_set(const SettingsKey& key) const {
    const auto found = written_.find(&key);
    return found != written_.end() && !found->second.value.empty();
  }

  void check() {
    const SettingsFindings findings = check_settings(settings_);
    for (const auto& [key, reason] : findings.mistakes) {
      mistakes_.push_back(describe(origin_of(key), reason));
    }
    for (const auto& [key, reason] : findings.warnings) {
      warnings_.push_back(describe(origin_of(key), reason));
    }
  }

  Origin origin_of(std::string_view key) const {
    const auto found = written_.find(find_settings_key(key));
    return found == written_.end() ? Origin{"default", std::string(key)} : found->second.origin;
  }

  static std::string describe(const Origin& origin, std::string_view reason) {
    return fmt::format("{}: {}: {}", origin.place, origin.key, reason);
  }

  Settings settings_;
  std::map<const SettingsKey*, Written> written_;  // Rows of one table: in its order.
  std::vector<std::string> mistakes_;
  std::vector<std::string> warnings_;
};

}  // namespace

LogOptions Settings::log_options(std::string process) const {
  LogOptions options;
  options.directory = log_dir;
  options.process = std::move(process);
  options.level = log_level;
  options.max_bytes = log_max_size;
  options.backups = log_backup_count;
  return options;
}

Result<LoadedSettings> load_settings_from(const std::filesystem::path& root,
                                          const std::string& env_text,
                                          const std::map<std::string, std::string>& environment) {
  std::error_code error;
  const auto absolute_root = std::filesystem::weakly_canonical(root, error);
  if (error || !std::filesystem::is_directory(absolute_root)) {
    return fail(Errc::not_found, fmt::format("{}: no such folder (--root)", root.string()));
  }
  Loader loader{absolute_root};
  const auto lines = parse_env(env_text, ".env");
  if (!lines) return std::unexpected(lines.error());
  loader.take_file(*lines);
  loader.take_environment(environment);
  return loader.finish();
}

Result<LoadedSettings> load_settings(const std::filesystem::path& root,
                                     const std::map<std::string, std::string>& environment) {
  auto text = read_file(root / ".env", 1 << 20);
  if (!text && text.error().code != Errc::not_found) return std::unexpected(text.error());
  return load_settings_from(root, text.value_or(""), environment);
}

}  // namespace wl
