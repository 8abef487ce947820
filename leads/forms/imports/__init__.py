"""Forms of the pages that bring leads from a file."""

from leads.forms.imports.files import FileForm, LiveForm
from leads.forms.imports.mapping import WORDS, MappingForm, initial_of

__all__ = ["WORDS", "FileForm", "LiveForm", "MappingForm", "initial_of"]
