// What must hold at the end, whatever happened: C1 to C4, alarms and letters.
#pragma once

#include "tests/sim/history.hpp"
#include "tests/sim/observer.hpp"
#include "tests/sim/post_office.hpp"

namespace wl::sim {

/// C1: what was acknowledged is stored, or was dropped with that cause; nothing is stored twice,
/// nothing that was never there; rollups count what the raw samples count.
void check_once(World& world, const History& history, const Observer& observer);
void check_rollups(World& world, const History& history, storage::CollectorStore& store);
/// C2: every scan is stored or lies in a recorded gap that names a cause.
void check_complete(World& world, const History& history);
/// C3: every recorded gap lies in an outage.
void check_gaps(World& world, const History& history);
/// C4: energy never falls; the ledger's sum is the counter's difference.
void check_energy(World& world, const History& history, storage::CollectorStore& store);
/// Every alarm that was remembered has its one row, as it stood last; what a person was told holds.
void check_alarms(World& world, const History& history, const Observer& observer);
/// Every wish that a letter was made of is in exactly one letter at the mail server.
void check_letters(World& world, const Observer& observer, const MailServer& server);

}  // namespace wl::sim
