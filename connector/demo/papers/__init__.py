"""Papers drawn with known truth: the demo's dossier, and labelled sets for measuring."""

from connector.demo.papers.dossier import draw_demo_dossier
from connector.demo.papers.labelled_set import LabelledSet, draw_labelled_set
from connector.demo.papers.paper import DemoDossier, DrawnPaper

__all__ = ["DemoDossier", "DrawnPaper", "LabelledSet", "draw_demo_dossier", "draw_labelled_set"]
