// For tests: an installation with the configuration of the release, and letters to tell.
#pragma once

#include <filesystem>
#include <string>

#include "alarm/notify/test_news.hpp"
#include "apps/notify/letter_writer.hpp"
#include "base/durable_file.hpp"
#include "mail/testing/folder.hpp"

namespace wl {

/// Mail is on, without encryption and to li@plant.example, at `settings.smtp_port` of this machine.
struct NotifyRig {
  mail::Folder folder;
  Settings settings;
  Plant plant = alarm::test_plant();

  NotifyRig() {
    std::filesystem::copy(std::filesystem::path(WATTLINE_SOURCE_DIR) / "config",
                          folder.path / "config", std::filesystem::copy_options::recursive);
    settings.root = folder.path;
    settings.data_dir = folder.path / "data";
    settings.email_enabled = true;
    settings.smtp_server = "127.0.0.1";
    settings.smtp_use_tls = false;
    settings.alert_email_recipients = "li@plant.example";
    plant.name = {"示范线", "Demo line"};
  }

  /// Replaces a file below the root.
  void write(const std::string& below, const std::string& text) {
    write_file(folder.path / below, text, Durability::visible).value();
  }
  Result<LetterWriter> writer() const {
    auto config = load_notify_config(settings);
    if (!config) return std::unexpected(config.error());
    return LetterWriter::open(std::move(*config), plant, plant_clock(settings, plant).value());
  }
};

/// One alarm of the conveyor: 4.2 kW above 3 kW, five reports in one.
inline alarm::notify::Letter conveyor_letter(std::uint64_t id, alarm::Level level) {
  using alarm::State;
  alarm::AlarmRecord record =
      alarm::notify::row("conveyor.power_kw:high:auto", level, State::active_unacked);
  record.actual_value = 4.2;
  record.threshold_value = 3;
  alarm::notify::Letter letter;
  letter.id = id;
  letter.at = alarm::at(60'000);
  letter.level = level;
  letter.lines = {{record, 3, 2}};
  letter.alarms = 1;
  letter.by_level[static_cast<std::size_t>(level)] = 1;
  letter.by_device["conveyor"] = 1;
  return letter;
}

/// The same alarm when it is over.
inline alarm::notify::Letter conveyor_return(std::uint64_t id, alarm::Level level) {
  alarm::notify::Letter letter = conveyor_letter(id, level);
  letter.kind = alarm::notify::LetterKind::returned;
  letter.returned = 1;
  letter.lines[0].record.active = false;
  letter.lines[0].record.cleared_at = alarm::at(60'000);
  return letter;
}

}  // namespace wl
