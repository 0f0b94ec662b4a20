"""Compiles the translations and adds the handbook to what is built; see also pyproject.toml."""

from pathlib import Path
from shutil import copyfile

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
            # The handbook that the pages show.
            handbook = Path(self.build_lib, "bihuan", "web", "handbook")
            handbook.mkdir(parents=True, exist_ok=True)
            for page in Path("docs").glob("officer*.md"):
                copyfile(page, handbook / page.name)


setup(cmdclass={"build_py": WithTranslations})
