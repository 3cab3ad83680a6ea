"""Reading a plan from a file: txt, docx, html or pdf, told apart by content, bounded in size.

The text that a reader returns is the text that is stored; all offsets count its characters.
"""

from zhen.kernel.plan.readers.source import MAX_BYTES, MAX_CHARACTERS, Block, SourceText, read

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "Block", "SourceText", "read"]
