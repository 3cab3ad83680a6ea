"""The pages of alarms: the board of incidents, alarms, suppressions, rosters, and the wall."""

from zhen.kernel.telemetry.alarms.screens import alarms, board, duty, suppressions, wall

PAGES = (*board.PAGES, *alarms.PAGES, *suppressions.PAGES, *duty.PAGES, *wall.PAGES)
