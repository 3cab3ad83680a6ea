"""Deadlines: when something is due, counted as the law counts.

Pure: no clock is read and no database. What follows holds for every limit:

- **Hours** run from the moment they start (Civil Code, article 201, second sentence). Emergency hours
  run round the clock, working hours only inside the periods of worked days. The limit ends at the
  earliest moment at which all of it has run. A pause stops the count to the microsecond.
- **Days**: the day on which the count starts does not count (article 201); the limit ends on its last
  day when business closes, or at midnight where there is no business on it (article 203).
- **Days and pauses**: a day counts only if the clock ran from its first moment to its end. So neither
  the day on which it was stopped before business closed counts (it did not run out, article 203) nor
  the day on which it went on (it is the day the rest starts from, article 201), however short the pause:
  an authority that stops a clock says why and is on record with it.
- **A last day off** ends a limit in working days never, and one in calendar days only if no statute
  moves it. Article 203 moves the last day of a civil period to the first worked day after it; what
  binds the authority itself is often stricter. So `Limit.moves` is False unless its source says so.
- **Days nobody has published** count from Monday to Friday, and the result is provisional.
"""
