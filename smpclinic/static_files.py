"""Static files under names that change with their content, so that browsers may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_MODULES = "js/*.js"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also writes the hashed names into the imports of our modules; else those would be fetched afresh on each page.

    Only ours: installed packages hold scripts that import what is not there.
    """

    _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, (OWN_MODULES, _imports))
