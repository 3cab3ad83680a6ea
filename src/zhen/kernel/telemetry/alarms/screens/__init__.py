"""The pages of alarms: the board of incidents, alarms, suppressions, rosters, and the wall."""

from zhen.kernel.telemetry.alarms.screens import alarms, board, duty, rates, suppressions, wall

PAGES = (*board.PAGES, *alarms.PAGES, *rates.PAGES, *suppressions.PAGES, *duty.PAGES, *wall.PAGES)
