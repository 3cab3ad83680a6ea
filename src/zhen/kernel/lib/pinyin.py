"""Sorting Chinese names without a collation of the database: by pinyin, tone, then the characters."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

LIMIT = 300


@lru_cache(maxsize=10_000)
def sort_key(text: str) -> str:
    """A key of at most 300 characters: "张三" → "zhang1 san1 张三".

    Syllables are parted by spaces, which sort before letters, so that 安 (an) comes before 昂 (ang).
    Words in other scripts stay as they are, in lower case.
    """
    syllables = lazy_pinyin(text.strip().lower(), style=Style.TONE3, neutral_tone_with_five=True)
    return f"{' '.join(syllables)} {text.strip()}"[:LIMIT]
