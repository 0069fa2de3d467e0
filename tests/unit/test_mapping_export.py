"""What administrators of each product are given to install."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from connector.cli.main import main
from connector.domain.errors import ConfigurationError
from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES
from connector.domain.states import Action, State
from connector.mapping.check import check_mapping
from connector.mapping.export.products import PRODUCTS, export
from connector.mapping.load import find_mapping, load_mapping

SHIPPED = ["opencmis", *PRODUCTS]
_MODEL = {"m": "http://www.alfresco.org/model/dictionary/1.0"}


def exported(product: str) -> dict[str, bytes]:
    return dict(export(product, load_mapping(find_mapping(product))))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_mapping_has_no_mistake_and_says_whether_it_ran(name: str) -> None:
    file = find_mapping(name)

    assert check_mapping(file, None) == []
    said = {"opencmis": "checked live", "modeshape": "checked live", "opentext": "from general knowledge"}
    assert load_mapping(file).verified.startswith(said.get(name, "from vendor documentation"))


@pytest.mark.parametrize("name", SHIPPED)
def test_two_kinds_of_objects_do_not_share_a_property_where_a_model_forbids_it(name: str) -> None:
    mapping = load_mapping(find_mapping(name))
    paper = {entry.property for entry in mapping.paper.properties.values()}
    dossier = {entry.property for entry in mapping.dossier.properties.values()}

    assert name in ("opencmis", "documentum") or not paper & dossier


def test_names_keep_to_what_their_product_allows() -> None:
    def names(product: str) -> list[str]:
        mapping = load_mapping(find_mapping(product))
        entries = (*mapping.paper.properties.values(), *mapping.dossier.properties.values())
        return [entry.property.removeprefix("clbNonGroup.") for entry in entries]

    assert [name for name in names("cm8") if not re.fullmatch(r"[A-Z]{3,15}", name)] == []
    assert [name for name in names("documentum") if not re.fullmatch(r"[a-z_]{3,27}", name)] == []
    assert [name for name in names("sharepoint") if not re.fullmatch(r"[A-Za-z]{3,32}", name)] == []


@pytest.mark.parametrize("product", PRODUCTS)
def test_an_export_writes_files_and_says_honestly_that_it_was_not_run(product: str, tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["mapping", "export", product, "--out", str(tmp_path / "out")])

    assert answer.exit_code == 0
    steps = (tmp_path / "out" / "HUONG-DAN.md").read_text(encoding="utf-8")
    assert "chưa chạy thật" in steps
    for file in (tmp_path / "out").rglob("*"):
        if file.suffix in (".xml", ".xsd"):
            etree.parse(str(file))


def test_the_alfresco_model_defines_every_mapped_property_once() -> None:
    mapping = load_mapping(find_mapping("alfresco"))
    model = etree.fromstring(exported("alfresco")["repository/bhxh-model.xml"])

    names = [str(name) for name in model.xpath("//m:property/@name", namespaces=_MODEL)]  # type: ignore[union-attr]

    entries = (*mapping.paper.properties.values(), *mapping.dossier.properties.values())
    assert sorted(names) == sorted([*(entry.property for entry in entries), "bhxh:chuKho"])
    aspects = [f"P:{name}" for name in model.xpath("//m:aspect/@name", namespaces=_MODEL)]  # type: ignore[union-attr]
    assert aspects == ["P:bhxh:giayTo", "P:bhxh:hoSo", "P:bhxh:kho"]


def test_every_constraint_that_a_property_names_is_defined() -> None:
    model = etree.fromstring(exported("alfresco")["repository/bhxh-model.xml"])

    named = set(model.xpath("//m:property//m:constraint/@ref", namespaces=_MODEL))  # type: ignore[arg-type]

    assert named == set(model.xpath("/m:model/m:constraints/m:constraint/@name", namespaces=_MODEL))  # type: ignore[arg-type]


def test_share_shows_each_button_in_its_states_alone() -> None:
    files = exported("alfresco")
    config = etree.fromstring(files["share/share-config-custom.xml"])
    context = etree.fromstring(files["share/custom-slingshot-sohoa-context.xml"])
    beans = {"b": "http://www.springframework.org/schema/beans"}

    used = {str(name) for name in config.xpath("//evaluator/text()")}  # type: ignore[union-attr]
    defined = {str(name) for name in context.xpath("//b:bean/@id", namespaces=beans)}  # type: ignore[union-attr]
    referred = {str(name) for name in context.xpath("//b:ref/@bean", namespaces=beans)}  # type: ignore[union-attr]

    assert used | referred <= defined
    assert config.xpath("//action[@id='sohoa-document-XAC_NHAN']/param[@name='property']/text()") == ["bhxh_thaoTac"]
    assert config.xpath("//action[@id='sohoa-folder-XAC_NHAN']/param[@name='property']/text()") == ["bhxh_thaoTacHoSo"]


def test_share_forms_let_nobody_type_what_the_product_shows() -> None:
    config = etree.fromstring(exported("alfresco")["share/share-config-custom.xml"])

    read_only = {str(name) for name in config.xpath("//field[@read-only='true']/@id")}  # type: ignore[union-attr]

    assert {"bhxh:trangThai", "bhxh:maSoHoa", "bhxh:maBam", "bhxh:deXuat", "bhxh:loiHoSo"} <= read_only
    assert not {"bhxh:soKyHieu", "bhxh:thaoTac", "bhxh:hinhThucNop", "bhxh:ketQua"} & read_only


def test_labels_are_vietnamese_and_escaped_for_java() -> None:
    files = exported("alfresco")
    text = files["share/messages/sohoa.properties"].decode("ascii")
    readable = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)

    lines = dict(line.split("=", 1) for line in readable.splitlines())
    assert lines["sohoa.action.XAC_NHAN"] == "Xác nhận dữ liệu"
    assert {f"sohoa.action.{action}" for action in Action} | {f"sohoa.state.{state}" for state in State} <= set(lines)
    lists = files["repository/messages/bhxh-danh-muc.properties"].decode("ascii")
    assert "listconstraint.bhxh_thaoTacHoSoValues.KY_CO_QUAN=" in lists


def test_saved_searches_ask_for_what_waits() -> None:
    template = json.loads(exported("alfresco")["repository/so-hoa-smart-folder.json"])

    queries = {node["name"]: node["search"]["query"] for node in template["nodes"]}
    assert queries["Chờ xác nhận"] == "=bhxh:trangThai:CHO_XAC_NHAN"
    assert queries["Có lỗi, cần xem"] == "=bhxh:trangThai:LOI"
    assert "CHO_KY_CO_QUAN" in exported("nuxeo")["OSGI-INF/searches.xml"].decode()


def test_nuxeo_schemas_are_schemas_with_every_property() -> None:
    files = exported("nuxeo")

    for file, count in (("schemas/bhxh.xsd", len(PAPER_PROPERTIES)), ("schemas/bhxhhs.xsd", len(DOSSIER_PROPERTIES))):
        schema = etree.XMLSchema(etree.fromstring(files[file]))
        assert schema
        assert files[file].count(b"<xs:element ") == count


def test_a_table_gives_type_length_and_choices() -> None:
    table = exported("filenet")["giay-to.csv"].decode("utf-8-sig")

    rows = {row[0]: row for row in csv.reader(io.StringIO(table))}

    assert rows["BhxhTrichYeu"][2:5] == ["string", "không / no", "2000"]
    assert rows["BhxhDeXuat"][3] == "có / yes"
    assert rows["BhxhThaoTac"][5].startswith("XAC_NHAN; THU_LAI")
    joined = {row[0]: row for row in csv.reader(io.StringIO(exported("cm8")["giay-to.csv"].decode("utf-8-sig")))}
    assert joined["BHDEXUAT"][3:5] == ["không / no", "16000"]


def test_modeshape_node_types_define_every_property_once() -> None:
    model = exported("modeshape")["bhxh.cnd"].decode()

    lines = re.findall(r"^- (\S+) \((STRING|BOOLEAN|LONG|DATE)\)( multiple)?$", model, re.M)
    mapping = load_mapping(find_mapping("modeshape"))
    entries = (*mapping.paper.properties.values(), *mapping.dossier.properties.values())
    assert sorted(name for name, _, _ in lines) == sorted(entry.property for entry in entries)
    assert ("bhxh:deXuat", "STRING", " multiple") in lines
    assert "[bhxh:giayTo] > nt:file, mix:versionable" in model


def test_documentum_types_repeat_where_values_do() -> None:
    script = exported("documentum")["tao-kieu.dql"].decode()

    assert "CREATE TYPE bhxh_giay_to (" in script
    assert "bh_de_xuat STRING(2000) REPEATING" in script
    assert "WITH SUPERTYPE dm_folder PUBLISH" in script


def test_a_product_or_a_mapping_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="there is one for alfresco"):
        export("lotus", load_mapping(find_mapping("alfresco")))
    with pytest.raises(ConfigurationError, match="secondary_type"):
        export("alfresco", load_mapping(find_mapping("filenet")))
