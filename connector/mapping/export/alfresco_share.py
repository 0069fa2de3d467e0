"""Alfresco Share: forms with Vietnamese labels, buttons on documents and folders, states in the list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lxml import etree

from connector.domain.button_labels import BUTTON_LABELS, STATE_LABELS
from connector.domain.metadata import ARTICLE_9_FIELDS
from connector.domain.states import PAPER_ACTIONS, Action, State
from connector.mapping.export.alfresco_model import aspect_name, choices_name
from connector.mapping.export.fields import SECTIONS, Field, Section, fields_of
from connector.mapping.model import MappingFile

# state shown in the document list: colour of its mark
INDICATED: Mapping[State, str] = {
    State.CHO_XAC_NHAN: "amber",
    State.CHO_KY_CO_QUAN: "amber",
    State.LOI: "red",
    State.CACH_LY: "red",
    State.DA_LUU: "green",
}
_DOSSIER_BUTTONS = (Action.XAC_NHAN, Action.KY_CO_QUAN, Action.THU_LAI)
_SETS: Sequence[tuple[str, str]] = (
    ("nop", "Người nộp điền"),
    ("dieu9", "Dữ liệu theo khoản 2 Điều 9"),
    ("sohoa", "Phần mềm hiển thị"),
)


def share_config(mapping: MappingFile) -> bytes:
    """``share-config-custom.xml``: merge it into the one you have."""
    root = etree.Element("alfresco-config")
    aspects = [aspect_name(mapping.paper.secondary_type), aspect_name(mapping.dossier.secondary_type)]
    library = _child(root, "config", evaluator="string-compare", condition="DocumentLibrary")
    visible = _child(_child(library, "aspects"), "visible")
    for aspect in aspects:
        _child(visible, "aspect", name=aspect)
    _add_indicators(library)
    dependencies = _child(_child(root, "config", evaluator="string-compare", condition="DocLibCustom"), "dependencies")
    _child(dependencies, "js", src="components/sohoa/sohoa-actions.js")
    _add_actions(root, mapping)
    for section, aspect in zip(SECTIONS, aspects, strict=True):
        _add_form(root, mapping, section, aspect)
    return etree.tostring(root, encoding="UTF-8", pretty_print=True)


def _add_indicators(library: etree._Element) -> None:
    indicators = _child(library, "indicators")
    for number, (state, colour) in enumerate(INDICATED.items()):
        indicator = _child(
            indicators,
            "indicator",
            id=f"sohoa-{state}",
            index=str(200 + number),
            icon=f"sohoa-{colour}.png",
            label=f"sohoa.state.{state}",
        )
        _child(indicator, "evaluator").text = _state_bean(state)


def _add_actions(root: etree._Element, mapping: MappingFile) -> None:
    config = _child(root, "config", evaluator="string-compare", condition="DocLibActions")
    actions, groups = _child(config, "actions"), _child(config, "actionGroups")
    on_paper = [action for action in Action if PAPER_ACTIONS[action]]
    for kind, buttons in (("document", on_paper), ("folder", _DOSSIER_BUTTONS)):
        section = mapping.paper if kind == "document" else mapping.dossier
        for action in buttons:
            button = _child(actions, "action", id=f"sohoa-{kind}-{action}", type="javascript")
            button.set("icon", "document-edit-properties")
            button.set("label", f"sohoa.action.{action}")
            for name, value in (
                ("function", "onSohoaButton"),
                ("property", section.properties["action"].property.replace(":", "_")),
                ("value", (section.properties["action"].choices or {}).get(action, action)),
            ):
                _child(button, "param", name=name).text = value
            _child(_child(button, "permissions"), "permission", allow="true").text = "Write"
            _child(button, "evaluator").text = _button_bean(action) if kind == "document" else _DOSSIER_BEAN
        for view in ("browse", "details"):
            group = _child(groups, "actionGroup", id=f"{kind}-{view}")
            for number, action in enumerate(buttons):
                _child(group, "action", index=str(400 + number), id=f"sohoa-{kind}-{action}")


def _add_form(root: etree._Element, mapping: MappingFile, section: Section, aspect: str) -> None:
    form = _child(_child(_child(root, "config", evaluator="aspect", condition=aspect), "forms"), "form")
    visibility, appearance = _child(form, "field-visibility"), _child(form, "appearance")
    for set_id, label in _SETS:
        _child(appearance, "set", id=f"{section}-{set_id}", appearance="panel", label=label)
    for field in fields_of(mapping, section):
        _child(visibility, "show", id=field.property_id)
        element = _child(appearance, "field", id=field.property_id, label=field.label)
        element.set("set", f"{section}-{_set_of(field)}")
        if not field.editable:
            element.set("read-only", "true")


def _set_of(field: Field) -> str:
    if not field.editable:
        return "sohoa"
    return "dieu9" if field.name in (*ARTICLE_9_FIELDS, "extra") else "nop"


_DOSSIER_BEAN = "evaluator.doclib.sohoa.hoSo"


def _state_bean(state: State) -> str:
    return f"evaluator.doclib.sohoa.state.{state}"


def _button_bean(action: Action) -> str:
    return f"evaluator.doclib.sohoa.action.{action}"


_BEANS = "http://www.springframework.org/schema/beans"


def share_context(mapping: MappingFile) -> bytes:
    """``custom-slingshot-sohoa-context.xml``: the messages, and when each button shows."""
    root = etree.Element(f"{{{_BEANS}}}beans", nsmap={None: _BEANS})  # type: ignore[dict-item]
    messages = _bean(
        root, "sohoa.messages", "org.springframework.extensions.surf.util.ResourceBundleBootstrapComponent"
    )
    bundles = etree.SubElement(_property(messages, "resourceBundles"), f"{{{_BEANS}}}list")
    etree.SubElement(bundles, f"{{{_BEANS}}}value").text = "alfresco.web-extension.messages.sohoa"
    shown = mapping.paper.properties["state"]
    for state in State:
        bean = etree.SubElement(
            root, f"{{{_BEANS}}}bean", id=_state_bean(state), parent="evaluator.doclib.metadata.value"
        )
        _property(bean, "accessor", f"node.properties.{shown.property}")
        comparator = etree.SubElement(
            _property(bean, "comparator"),
            f"{{{_BEANS}}}bean",
            {"class": "org.alfresco.web.evaluator.StringEqualsComparator"},
        )
        _property(comparator, "value", (shown.choices or {}).get(state, state))
    for action in Action:
        chain = _bean(root, _button_bean(action), "org.alfresco.web.evaluator.ChainedMatchOneEvaluator")
        states = etree.SubElement(_property(chain, "evaluators"), f"{{{_BEANS}}}list")
        for state in sorted(PAPER_ACTIONS[action]):
            etree.SubElement(states, f"{{{_BEANS}}}ref", bean=_state_bean(state))
    dossier = _bean(root, _DOSSIER_BEAN, "org.alfresco.web.evaluator.HasAspectEvaluator")
    aspects = etree.SubElement(_property(dossier, "aspects"), f"{{{_BEANS}}}list")
    etree.SubElement(aspects, f"{{{_BEANS}}}value").text = aspect_name(mapping.dossier.secondary_type)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _bean(root: etree._Element, bean_id: str, class_name: str) -> etree._Element:
    return etree.SubElement(root, f"{{{_BEANS}}}bean", {"id": bean_id, "class": class_name})


def _property(bean: etree._Element, name: str, value: str | None = None) -> etree._Element:
    attributes = {"name": name} if value is None else {"name": name, "value": value}
    return etree.SubElement(bean, f"{{{_BEANS}}}property", attributes)


def messages() -> bytes:
    """``sohoa.properties`` for Share: labels of buttons and states."""
    lines = [f"sohoa.action.{action}={label}" for action, label in BUTTON_LABELS.items()]
    lines += [f"sohoa.state.{state}={label}" for state, label in STATE_LABELS.items()]
    return _properties([*lines, "sohoa.done={0}: đã gửi thao tác", "sohoa.failed={0}: chưa gửi được thao tác"])


def list_messages(mapping: MappingFile) -> bytes:
    """``bhxh-danh-muc.properties`` for the repository: labels of the values in closed lists."""
    labels: Mapping[str, Mapping[str, str]] = {
        "state": {str(state): label for state, label in STATE_LABELS.items()},
        "action": {str(action): label for action, label in BUTTON_LABELS.items()},
    }
    lines = []
    for section, part in zip(SECTIONS, (mapping.paper.properties, mapping.dossier.properties), strict=True):
        for field in fields_of(mapping, section):
            called = part[field.name].choices or {}
            key = f"listconstraint.{choices_name(field).replace(':', '_')}"
            lines += [f"{key}.{called.get(ours, ours)}={label}" for ours, label in labels.get(field.name, {}).items()]
    return _properties(lines)


def _properties(lines: Sequence[str]) -> bytes:
    """Escaped, as Java reads these files as Latin-1."""
    text = "\n".join(lines) + "\n"
    return "".join(letter if letter.isascii() else f"\\u{ord(letter):04x}" for letter in text).encode("ascii")


SHARE_SCRIPT = """// The buttons of so hoa: they set one property, the product does the rest.
(function() {
   YAHOO.Bubbling.fire("registerAction", {
      actionName: "onSohoaButton",
      fn: function sohoa_onSohoaButton(record, owner) {
         var params = this.getAction(record, owner).params,
            node = new Alfresco.util.NodeRef(record.nodeRef),
            values = {},
            say = function(key) { return Alfresco.util.message(key, "", record.displayName); };
         values["prop_" + params.property] = params.value;
         Alfresco.util.Ajax.jsonPost({
            url: Alfresco.constants.PROXY_URI + "api/node/" + node.uri + "/formprocessor",
            dataObj: values,
            successCallback: {
               fn: function() {
                  Alfresco.util.PopupManager.displayMessage({ text: say("sohoa.done") });
                  YAHOO.Bubbling.fire("metadataRefresh", record);
               },
               scope: this
            },
            failureCallback: {
               fn: function() { Alfresco.util.PopupManager.displayMessage({ text: say("sohoa.failed") }); },
               scope: this
            }
         });
      }
   });
})();
"""


def smart_folders(mapping: MappingFile) -> bytes:
    """Saved searches as a smart folder template: what waits for whom."""
    state, choices = mapping.paper.properties["state"].property, mapping.paper.properties["state"].choices or {}
    searches = (State.CHO_XAC_NHAN, State.LOI, State.CACH_LY, State.CHO_KY_CO_QUAN, State.DA_LUU)
    nodes = [
        {
            "id": str(number),
            "name": STATE_LABELS[each],
            "description": STATE_LABELS[each],
            "search": {"language": "fts-alfresco", "query": f"={state}:{choices.get(each, each)}"},
        }
        for number, each in enumerate(searches, 1)
    ]
    return json.dumps({"name": "Số hóa giấy tờ", "nodes": nodes}, ensure_ascii=False, indent=2).encode()


def _child(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, tag, attributes)
