"""What is known of products, as data; what a server really does is asked by the self-test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Quirks:
    """One product's ways; the defaults are the careful ones, for products nobody has looked at.

    ``names_are_path_segments``: an object is found at its folder's path and its name, in one call.
    ``tree_queries``: IN_TREE is answered from the database, not from an index that lags.
    ``index_lag``: how far behind the truth a query may be.
    ``working_copies_forget_types``: a check-out copies the properties of the secondary types but not the types.
    """

    names_are_path_segments: bool = False
    tree_queries: bool = False
    index_lag: dt.timedelta = dt.timedelta(minutes=10)
    working_copies_forget_types: bool = False


# by the beginning of "vendor product" in lower case, as the repository names itself
_KNOWN: Mapping[str, Quirks] = {
    "apache chemistry apache-chemistry-opencmis-inmemory": Quirks(
        names_are_path_segments=True,
        tree_queries=True,
        index_lag=dt.timedelta(0),
        working_copies_forget_types=True,
    ),
    # structural predicates go to the search index there
    "alfresco": Quirks(names_are_path_segments=True),
}


def quirks_of(info: Mapping[str, object]) -> Quirks:
    """The quirks of the product that a repositoryInfo names."""
    name = f"{info.get('vendorName', '')} {info.get('productName', '')}".strip().lower()
    return next((quirks for beginning, quirks in _KNOWN.items() if name.startswith(beginning)), Quirks())
