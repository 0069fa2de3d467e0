"""From settings to adapters."""

from __future__ import annotations

from collections.abc import Mapping

from connector.app.books import derived_key, repositories
from connector.app.keys import AGENCY, signing_key
from connector.cmis.repository import CmisRepository
from connector.domain.lists import OrganisationList, ProcedureList, TypeList
from connector.domain.token_signing import TokenRequests
from connector.mapping.lists import load_organisations, load_procedures, load_types
from connector.mapping.people import load_staff, refuse_service_accounts
from connector.mapping.profiles import load_profile
from connector.pipeline.workplace import Office, Workplace
from connector.registry.papers import PaperRegister
from connector.sections import OtherStoreSettings
from connector.settings import Settings
from connector.soap.portal import KhoClient
from ocr_worker.doubt.thresholds import load_thresholds
from ocr_worker.lexicon.document_type import load_document_types
from ocr_worker.reader import PaperReader
from signing.proof import AgencyProof, agency_proof
from signing.seal import Seal
from signing.signer import PaperSigner, SigningConfiguration


def workplaces(
    settings: Settings, papers: PaperRegister, requests: TokenRequests | None = None
) -> Mapping[str, Workplace]:
    """What stages and buttons work with, for each repository."""
    settings.work.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    staff, signs = load_staff(settings.users), signer(settings, requests)
    believed = {*settings.result_reporters, *settings.capture_accounts}
    refuse_service_accounts(staff, believed, {entry.username for entry in settings.repositories})
    stores = tuple(_other_store(entry) for entry in settings.other_stores)
    load_thresholds(settings.thresholds)  # a mistake in the file stops the start, not every paper
    reader = PaperReader(
        seconds=settings.work.reading_seconds,
        megabytes=settings.work.reading_megabytes,
        thresholds=settings.thresholds,
    )
    return {
        name: Workplace(
            repository=repository,
            registry=papers,
            reader=reader,
            signer=signs,
            staff=staff,
            office=_office(settings, repository),
            folder=settings.work.folder,
            other_stores=stores,
        )
        for name, repository in repositories(settings).items()
    }


def _office(settings: Settings, repository: CmisRepository) -> Office:
    file = repository.mapping.file
    return Office(
        agency_name=settings.signing.agency_name,
        authority_basis=settings.signing.authority,
        result_reporters=frozenset(settings.result_reporters),
        capture_accounts=frozenset(settings.capture_accounts),
        scope_rules=load_profile(settings.profile),
        types=load_types(settings.types) if settings.types else TypeList(),
        procedures=load_procedures(settings.procedures) if settings.procedures else ProcedureList(),
        organisations=load_organisations(settings.organisations) if settings.organisations else OrganisationList(),
        transition=settings.transition,
        seals_results=settings.signing.seal is not None,
        document_type_codes=frozenset(kind.code for kind in load_document_types()),
        asks_about_technical_defects=settings.capture.technical_defects == "ask",
        technical_folder=file.technical_folder,
        pages_url=settings.web.public_url if settings.web else None,
        store_folder_id=repository.folder_at(file.store.path).object_id if repository.has_store_folders else None,
        naming_key=derived_key(settings, "store folders"),
    )


def _other_store(entry: OtherStoreSettings) -> KhoClient:
    return KhoClient(
        entry.name,
        entry.wsdl,
        username=entry.username,
        password=entry.password.get_secret_value(),
        ca_file=entry.ca_file,
        seconds=entry.timeout_seconds,
    )


def signer(settings: Settings, requests: TokenRequests | None = None) -> PaperSigner:
    """Signatures with the configured keys; ``requests`` keeps what people sign at their desks."""
    signing = settings.signing
    return PaperSigner(
        SigningConfiguration(
            identities={name: signing_key(name, key) for name, key in signing.identities.items()},
            agency_key=signing_key(AGENCY, signing.agency_key),
            journal_key=signing_key("journal_key", signing.journal_key) if signing.journal_key else None,
            timestamp_url=signing.timestamp_url,
            timestamp_seconds=signing.timestamp_timeout_seconds,
            trust=signing.trust,
            seal=Seal(picture=signing.seal, diameter=signing.seal_millimetres) if signing.seal else None,
        ),
        requests,
    )


def proof(settings: Settings) -> AgencyProof:
    """What signed files are believed by."""
    signing = settings.signing
    key = signing_key(AGENCY, signing.agency_key)
    journal_key = signing_key("journal_key", signing.journal_key) if signing.journal_key else None
    return agency_proof(key, journal_key=journal_key, former_names=signing.former_names, roots=signing.trust)
