"""The pages of renewal, in the order of the menu."""

from zhen.packs.renewal.screens import doors, overview, pictures, projects, public, rules, steps

HOME = public.HOME
PAGES = (*overview.PAGES, *projects.PAGES, *pictures.PAGES, *steps.PAGES, *doors.PAGES, *rules.PAGES, *public.PAGES)

__all__ = ["HOME", "PAGES"]
