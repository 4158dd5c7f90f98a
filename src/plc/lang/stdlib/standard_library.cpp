#include "plc/lang/stdlib/standard_library.hpp"

namespace wl::plc::lang {
namespace {

/// Timers count in LTIME(): a TIME of milliseconds would wrap after 49.7 days, in the middle of a
/// running delay. ET is cut at PT. The scan time stands still during a scan, so does the timer.
constexpr std::string_view timers = R"st(
FUNCTION_BLOCK TON
VAR_INPUT
  IN : BOOL;   // starts the delay with its rising edge
  PT : TIME;   // length of the delay
END_VAR
VAR_OUTPUT
  Q : BOOL;    // TRUE when IN was TRUE for PT
  ET : TIME;   // time since the start, at most PT
END_VAR
VAR
  running : BOOL;
  start : LTIME;
END_VAR
IF NOT IN THEN
  running := FALSE;
  Q := FALSE;
  ET := T#0ms;
ELSE
  IF NOT running THEN
    running := TRUE;
    start := LTIME();
  END_IF;
  IF LTIME() - start >= TIME_TO_LTIME(PT) THEN
    Q := TRUE;
    ET := PT;
  ELSE
    Q := FALSE;
    ET := LTIME_TO_TIME(LTIME() - start);
  END_IF;
END_IF;
END_FUNCTION_BLOCK

FUNCTION_BLOCK TOF
VAR_INPUT
  IN : BOOL;   // starts the delay with its falling edge
  PT : TIME;   // length of the delay
END_VAR
VAR_OUTPUT
  Q : BOOL;    // stays TRUE for PT after IN went FALSE
  ET : TIME;   // time since IN went FALSE, at most PT
END_VAR
VAR
  running : BOOL;
  start : LTIME;
END_VAR
IF IN THEN
  Q := TRUE;
  running := FALSE;
  ET := T#0ms;
ELSIF Q THEN
  IF NOT running THEN
    running := TRUE;
    start := LTIME();
  END_IF;
  IF LTIME() - start >= TIME_TO_LTIME(PT) THEN
    Q := FALSE;
    running := FALSE;
    ET := PT;
  ELSE
    ET := LTIME_TO_TIME(LTIME() - start);
  END_IF;
END_IF;
END_FUNCTION_BLOCK

FUNCTION_BLOCK TP
VAR_INPUT
  IN : BOOL;   // starts the pulse with its rising edge
  PT : TIME;   // length of the pulse
END_VAR
VAR_OUTPUT
  Q : BOOL;    // TRUE for PT, whatever IN does meanwhile
  ET : TIME;   // time since the start, at most PT
END_VAR
VAR
  last : BOOL;
  start : LTIME;
END_VAR
IF Q THEN
  IF LTIME() - start >= TIME_TO_LTIME(PT) THEN
    Q := FALSE;
    ET := PT;
  ELSE
    ET := LTIME_TO_TIME(LTIME() - start);
  END_IF;
ELSIF IN AND NOT last THEN
  start := LTIME();
  ET := T#0ms;
  Q := PT > T#0ms;
END_IF;
IF NOT Q AND NOT IN THEN
  ET := T#0ms;
END_IF;
last := IN;
END_FUNCTION_BLOCK
)st";

constexpr std::string_view counters = R"st(
FUNCTION_BLOCK CTU
VAR_INPUT
  CU : BOOL;   // counts up with its rising edge
  R : BOOL;    // to zero
  PV : INT;
END_VAR
VAR_OUTPUT
  Q : BOOL;    // CV >= PV
  CV : INT;
END_VAR
VAR
  last : BOOL;
END_VAR
IF R THEN
  CV := 0;
ELSIF CU AND NOT last AND CV < 32767 THEN
  CV := CV + 1;
END_IF;
last := CU;
Q := CV >= PV;
END_FUNCTION_BLOCK

FUNCTION_BLOCK CTD
VAR_INPUT
  CD : BOOL;   // counts down with its rising edge
  LD : BOOL;   // loads PV
  PV : INT;
END_VAR
VAR_OUTPUT
  Q : BOOL;    // CV <= 0
  CV : INT;
END_VAR
VAR
  last : BOOL;
END_VAR
IF LD THEN
  CV := PV;
ELSIF CD AND NOT last AND CV > -32768 THEN
  CV := CV - 1;
END_IF;
last := CD;
Q := CV <= 0;
END_FUNCTION_BLOCK

FUNCTION_BLOCK CTUD
VAR_INPUT
  CU, CD : BOOL;
  R : BOOL;    // to zero; wins over LD
  LD : BOOL;   // loads PV
  PV : INT;
END_VAR
VAR_OUTPUT
  QU : BOOL;   // CV >= PV
  QD : BOOL;   // CV <= 0
  CV : INT;
END_VAR
VAR
  lastUp, lastDown : BOOL;
END_VAR
IF R THEN
  CV := 0;
ELSIF LD THEN
  CV := PV;
ELSIF NOT ((CU AND NOT lastUp) AND (CD AND NOT lastDown)) THEN
  IF CU AND NOT lastUp AND CV < 32767 THEN
    CV := CV + 1;
  ELSIF CD AND NOT lastDown AND CV > -32768 THEN
    CV := CV - 1;
  END_IF;
END_IF;
lastUp := CU;
lastDown := CD;
QU := CV >= PV;
QD := CV <= 0;
END_FUNCTION_BLOCK
)st";

constexpr std::string_view edges_and_latches = R"st(
FUNCTION_BLOCK R_TRIG
VAR_INPUT
  CLK : BOOL;
END_VAR
VAR_OUTPUT
  Q : BOOL;    // TRUE for one call after a rising edge
END_VAR
VAR
  last : BOOL;
END_VAR
Q := CLK AND NOT last;
last := CLK;
END_FUNCTION_BLOCK

FUNCTION_BLOCK F_TRIG
VAR_INPUT
  CLK : BOOL;
END_VAR
VAR_OUTPUT
  Q : BOOL;    // TRUE for one call after a falling edge
END_VAR
VAR
  last : BOOL;
END_VAR
Q := NOT CLK AND last;
last := CLK;
END_FUNCTION_BLOCK

FUNCTION_BLOCK SR
VAR_INPUT
  S1 : BOOL;   // sets; wins
  R : BOOL;
END_VAR
VAR_OUTPUT
  Q1 : BOOL;
END_VAR
Q1 := S1 OR (NOT R AND Q1);
END_FUNCTION_BLOCK

FUNCTION_BLOCK RS
VAR_INPUT
  S : BOOL;
  R1 : BOOL;   // resets; wins
END_VAR
VAR_OUTPUT
  Q1 : BOOL;
END_VAR
Q1 := NOT R1 AND (S OR Q1);
END_FUNCTION_BLOCK
)st";

}  // namespace

SourceFile standard_library() {
  std::string text(timers);
  text += counters;
  text += edges_and_latches;
  return {.name = "(standard library)", .text = std::move(text), .standard = true};
}

}  // namespace wl::plc::lang
