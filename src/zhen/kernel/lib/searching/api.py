"""What other modules may import of searching."""

from zhen.kernel.lib.searching.asking import LONGEST_QUERY, Asked, ask, required
from zhen.kernel.lib.searching.folding import fold, sound
from zhen.kernel.lib.searching.likeness import (
    LIKELY,
    POSSIBLE,
    REACH,
    Aspect,
    Likeness,
    Part,
    Reported,
    likeness,
    text_likeness,
)
from zhen.kernel.lib.searching.ranking import FIELD_WEIGHTS, HOW_WEIGHTS, Field, How, Rank, Reason, marks, rank
from zhen.kernel.lib.searching.terms import (
    WEEK,
    is_chinese,
    key_sql,
    keys_of,
    pairs_of,
    runs_of,
    terms_of,
    week_of,
)
from zhen.kernel.lib.searching.tolerance import Change, Meant, Pair, Vocabulary, loosened, meant_by

__all__ = [
    "FIELD_WEIGHTS",
    "HOW_WEIGHTS",
    "LIKELY",
    "LONGEST_QUERY",
    "POSSIBLE",
    "REACH",
    "WEEK",
    "Asked",
    "Aspect",
    "Change",
    "Field",
    "How",
    "Likeness",
    "Meant",
    "Pair",
    "Part",
    "Rank",
    "Reason",
    "Reported",
    "Vocabulary",
    "ask",
    "fold",
    "is_chinese",
    "key_sql",
    "keys_of",
    "likeness",
    "loosened",
    "marks",
    "meant_by",
    "pairs_of",
    "rank",
    "required",
    "runs_of",
    "sound",
    "terms_of",
    "text_likeness",
    "week_of",
]
