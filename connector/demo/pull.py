"""The portal's part: find each filed paper by its code, pull it, compare it with what is stored, give proof."""

from __future__ import annotations

from connector.demo.followed import Followed, Pulled
from connector.demo.portal import Portal
from connector.demo.results import OutFolder
from connector.demo.site import PORTAL, SERVICE, Site
from signing.signer import verify_file
from signing.trust import load_trust

PURPOSE = "Giải quyết thủ tục hành chính"


def pull(papers: list[Followed], site: Site, out: OutFolder) -> None:
    """Pull every filed paper over SOAP; the ECM's copy is read by another client than the one that served it."""
    portal = Portal(site.soap_url, username=PORTAL, password=site.portal_password)
    for paper in papers:
        code = paper.shown.properties.get("digitization_code")
        if code and paper.seconds is not None:
            paper.pulled = _pull_one(paper, str(code), portal, site, out)


def _pull_one(paper: Followed, code: str, portal: Portal, site: Site, out: OutFolder) -> Pulled:
    (paper_id,) = portal.search_by_code(code, purpose=PURPOSE)
    got = portal.get_document(paper_id, out.signed_pdf(paper_id), purpose=PURPOSE)
    portal.get_metadata_signature(paper_id, out.signed_xml(paper_id), purpose=PURPOSE)
    acknowledged = portal.acknowledge(paper_id, got.pulled_sha256)
    ecm = site.as_login(SERVICE)
    copy = out.folder / ".stored"
    try:
        stored = ecm.download(paper.shown.object_id, copy)
    finally:
        copy.unlink(missing_ok=True)
    # as somebody with the file alone sees it: no service is asked
    trust = load_trust([site.pki.roots], fetch=False)
    out.draw_first_page(paper_id)
    return Pulled(
        paper_id=paper_id,
        digitization_code=code,
        stored_sha256=stored.sha256,
        pulled_sha256=got.pulled_sha256,
        told_sha256=got.told_sha256,
        acknowledged=acknowledged,
        signatures=verify_file(out.signed_pdf(paper_id), trust),
        metadata_signatures=verify_file(out.signed_xml(paper_id), trust),
    )
