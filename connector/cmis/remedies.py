"""Which setting of which product mends what a check-up finds, as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Topic(StrEnum):
    """What may want mending on the side of the repository."""

    INDEX = "index"
    LYING_QUERIES = "lying queries"
    CHANGE_LOG = "change log"
    RIGHTS = "rights"
    LOCK = "lock"
    MULTI_FILING = "multi-filing"


# by the beginning of "vendor product" in lower case; "" is what can be said of any product
_REMEDIES: Mapping[Topic, Mapping[str, str]] = {
    Topic.INDEX: {
        "": "look whether the search index is running and has caught up; folders are listed meanwhile",
        "alfresco": "Search Services (solr6): see Admin Console > Search Service, and alfresco.cron in "
        "solrcore.properties (how often it tracks); folders are listed meanwhile",
        "nuxeo": "elasticsearch.enabled in nuxeo.conf; folders are listed meanwhile",
        "ibm": "Content Search Services: the index jobs in the administration console; folders are listed meanwhile",
    },
    Topic.LYING_QUERIES: {"": "nothing to set: folders are listed instead, which costs time in large repositories"},
    Topic.CHANGE_LOG: {
        "": "switch the CMIS change log on where the product has one; without it changes come from queries alone",
        "alfresco": "audit.enabled=true and audit.cmischangelog.enabled=true in alfresco-global.properties",
        "microsoft": "the audit settings of the site collection; without it changes come from queries alone",
    },
    Topic.RIGHTS: {
        "": "give the service account create, write, version and delete on the watched folder and the stores",
        "alfresco": "role Collaborator, and Coordinator where papers are locked by acl, on the watched folder and the "
        "stores (Manage Permissions)",
        "nuxeo": "ReadWrite, and Everything where papers are locked by acl, on the watched folder (Permissions tab)",
        "ibm": "ACCE > Security: Modify properties, Major versioning, Create subfolder, File in folder, Delete",
        "microsoft": "permission level Contribute on the library",
        "opentext": "Modify, Edit Attributes, Reserve, Add Items, Delete on the watched folder",
        "emc": "permission VERSION and extended permission DELETE_OBJECT in the folder's ACL template",
    },
    Topic.LOCK: {
        "": "paper.lock in the mapping: name groups instead of everybody in the folder's rights, or set by: none",
        "alfresco": "inherited rights stay over CMIS: paper.lock by: none, and a folder rule on the state DA_LUU that "
        "stops the inheritance",
    },
    Topic.MULTI_FILING: {"": "store.filing in the mapping: link with link_address, or search"},
}


def remedy(topic: Topic, info: Mapping[str, object]) -> str:
    """What to change, in the product that a repositoryInfo names."""
    name = f"{info.get('vendorName', '')} {info.get('productName', '')}".strip().lower()
    known = _REMEDIES[topic]
    return next((text for beginning, text in known.items() if beginning and name.startswith(beginning)), known[""])
