// Rows of alarms and their journal in a spooled record; part of codec.hpp's format. Pure.
#pragma once

#include "collector/forward/varint.hpp"
#include "model/alarm_row.hpp"

namespace wl::collector {

void put_alarm(std::string& out, const AlarmRow& row);
AlarmRow take_alarm(Reader& in);

void put_journal(std::string& out, const AlarmJournalRow& row);
AlarmJournalRow take_journal(Reader& in);

}  // namespace wl::collector
