"""``python -m connector.demo.papers FOLDER --count 300 --seed 7``: a labelled set for ``sohoa evaluate``."""

from __future__ import annotations

from pathlib import Path

import click

from connector.demo.papers.labelled_set import draw_labelled_set


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--count", type=click.IntRange(min=1), default=300, show_default=True, help="How many papers.")
@click.option("--seed", type=int, default=1333, show_default=True, help="The same seed draws the same papers.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="How many processes.")
def main(folder: Path, count: int, seed: int, jobs: int) -> None:
    """Draw a labelled set into FOLDER/tune and FOLDER/test."""
    drawn = draw_labelled_set(folder, count, seed, jobs)
    click.echo(f"{folder / 'tune'}: {len(drawn.tune)} papers, {folder / 'test'}: {len(drawn.test)} papers")


if __name__ == "__main__":
    main()
