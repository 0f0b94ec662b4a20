"""Compiles the translations into what is built; all else is in pyproject.toml."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class WithTranslations(build_py):
    """In the source `make` compiles them, into files that are no part of it."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for text in Path(self.build_lib).rglob("*.po"):
                with text.open("rb") as said, text.with_suffix(".mo").open("wb") as compiled:
                    write_mo(compiled, read_po(said))


setup(cmdclass={"build_py": WithTranslations})
