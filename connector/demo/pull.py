"""The portal's part: find each filed paper by its code, pull it, compare it with what is stored, give proof."""

from __future__ import annotations

import hashlib

from connector.demo.followed import Followed, Pulled
from connector.demo.portal import Portal
from connector.demo.results import OutFolder
from connector.demo.site import PORTAL, SERVICE, Site
from signing.signer import verify_file
from signing.trust import load_trust

_PURPOSE = "Đối chiếu dữ liệu đặc tả đã ký số (dữ liệu thử)"


def pull(papers: list[Followed], site: Site, out: OutFolder) -> None:
    """Pull every filed paper over SOAP; the ECM's copy is read by another client than the one that served it."""
    portal = Portal(site.soap_url, username=PORTAL, password=site.portal_password)
    for paper in papers:
        code = paper.shown.properties.get("digitization_code")
        if code and paper.seconds is not None:
            paper.pulled = _pull_one(paper, str(code), portal, site, out)


def _pull_one(paper: Followed, code: str, portal: Portal, site: Site, out: OutFolder) -> Pulled:
    (found,) = portal.search(MaSoHoa=code)
    got = portal.pull(found.MaTaiLieu)
    out.signed_pdf(got.paper_id).write_bytes(got.content)
    signed = portal.service.GetMetadataSignature(MucDich=_PURPOSE, MaTaiLieu=got.paper_id)
    out.signed_xml(got.paper_id).write_bytes(signed.NoiDung)
    # as somebody with the files alone sees them: no service is asked
    trust = load_trust([site.pki.roots], fetch=False)
    out.draw_first_page(got.paper_id)
    return Pulled(
        paper_id=got.paper_id,
        digitization_code=got.digitization_code,
        stored_sha256=_stored_sha256(paper, site),
        pulled_sha256=got.sha256,
        told_sha256=got.promised_sha256,
        acknowledged=got.acknowledged,
        signatures=verify_file(out.signed_pdf(got.paper_id), trust),
        metadata_signatures=verify_file(out.signed_xml(got.paper_id), trust),
    )


def _stored_sha256(paper: Followed, site: Site) -> str:
    """What the ECM itself hands out."""
    digest = hashlib.sha256()
    for chunk in site.as_login(SERVICE).stream(paper.shown.object_id):
        digest.update(chunk)
    return digest.hexdigest()
