"""Papers drawn with known truth: the demo's dossier, and labelled sets for measuring."""

from connector.demo.papers.dossier import draw_demo_dossier
from connector.demo.papers.paper import DemoDossier, DrawnPaper

__all__ = ["DemoDossier", "DrawnPaper", "draw_demo_dossier"]
